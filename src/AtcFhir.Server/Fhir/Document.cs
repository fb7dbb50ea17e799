using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The operation $document: a document Bundle of a Composition and all that it refers to, and of a ResearchSubject the casebook: a Composition with a
/// section a type of what is recorded, made for the moment. <see href="https://hl7.org/fhir/R4/composition-operation-document.html"/>
/// </summary>
internal static class Document
{
    public static ValueTask<FhirResponse> OfComposition(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, root => ValueTask.FromResult<Result<Casebook>>(new Casebook(root.Body, [])), cancel);

    public static ValueTask<FhirResponse> OfSubject(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, subject => Casebook.Of(endpoint, access, subject, cancel), cancel);

    private static async ValueTask<FhirResponse> Run(
        FhirEndpoint endpoint, Access access, FhirRequest request, Func<StoredResource, ValueTask<Result<Casebook>>> compositionOf, CancellationToken cancel)
    {
        if ((access.Refuse(Permission.Read, request.Type) ?? access.Refuse(Permission.Read, "*")) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var failure) || !Asked(endpoint, request, parameters).TryGet(out var asked, out failure))
        {
            return Outcomes.Of(failure);
        }

        request = asked;
        var stored = await endpoint.Store.Read(request.Type, request.Id, cancel);
        if (stored is not { IsDeleted: false } root)
        {
            return Read.Answer(request, stored);
        }

        if (!(await compositionOf(root)).TryGet(out var casebook, out failure)
            || !(await DocumentClosure.Of(endpoint, request, casebook, cancel)).TryGet(out var resources, out failure))
        {
            return Outcomes.Of(failure);
        }

        var id = endpoint.Store.NewId();
        var body = Bundle(endpoint, request, id, casebook.Composition, resources);
        return parameters.Text("persist") == "true" && !request.IsHead ? await Persist(endpoint, access, request, id, body, cancel) : new FhirResponse(StatusCodes.Status200OK) { Body = body };
    }

    /// <summary>The request with the id of what it is about: that of the path, else the parameter id, by itself or as a URL here.</summary>
    private static Result<FhirRequest> Asked(FhirEndpoint endpoint, FhirRequest request, OperationParameters parameters)
    {
        if (parameters.Names.Contains("graph"))
        {
            return new Failure(FailureKind.Malformed, IssueCode.NotSupported, "graph: a document holds what is referred to; no GraphDefinition is followed.");
        }

        if (parameters.Text("persist") is not (null or "true" or "false"))
        {
            return new Failure(FailureKind.Malformed, IssueCode.Value, "persist: expected true or false.");
        }

        var id = parameters.Text("id");
        if (request.Route.Id is not null)
        {
            return id is null ? request : new Failure(FailureKind.Malformed, IssueCode.Invalid, "id: the path names the resource already.");
        }

        foreach (var prefix in new[] { request.BaseUrl + "/", request.Type + "/" })
        {
            id = id?.StartsWith(prefix, StringComparison.Ordinal) == true ? id[prefix.Length..] : id;
        }

        return id is not null && Identity.IsId(id, endpoint.Persona.MaxIdLength)
            ? request with { Route = request.Route with { Id = id } }
            : new Failure(FailureKind.Malformed, IssueCode.Value, $"id: expected the id of a {request.Type} of this server.");
    }

    /// <summary>The Bundle is stored as it is answered.</summary>
    private static async ValueTask<FhirResponse> Persist(FhirEndpoint endpoint, Access access, FhirRequest request, string id, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Create, "Bundle") is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!ResourceDocument.Parse(body, new DocumentLimits(MaxBytes: int.MaxValue, MaxDepth: 128)).TryGet(out var document, out var failure))
        {
            return Outcomes.Of(failure);
        }

        return await Written.Commit(endpoint, request, ResourceWrite.Create(endpoint.Store.Prepare(document, id)), Audit.Of(access, request, "document"), [], cancel);
    }

    private static ReadOnlyMemory<byte> Bundle(FhirEndpoint endpoint, FhirRequest request, string id, ReadOnlyMemory<byte> composition, List<StoredResource> resources) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "Bundle"u8);
        writer.WriteString("id"u8, id);
        writer.WriteStartObject("identifier"u8);
        writer.WriteString("system"u8, "urn:ietf:rfc:3986"u8);
        writer.WriteString("value"u8, "urn:uuid:" + id);
        writer.WriteEndObject();
        writer.WriteString("type"u8, "document"u8);
        writer.WriteString("timestamp"u8, BundleWriter.Instant(endpoint.Time.GetUtcNow()));
        writer.WriteStartArray("entry"u8);
        Entry(writer, request.BaseUrl + "/Composition/" + (string)JsonNode.Parse(Encoding.UTF8.GetString(composition.Span))!["id"]!, composition);
        foreach (var resource in resources)
        {
            Entry(writer, $"{request.BaseUrl}/{resource.Type}/{resource.Id}", resource.Body);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }, 4096);

    private static void Entry(Utf8JsonWriter writer, string url, ReadOnlyMemory<byte> resource)
    {
        writer.WriteStartObject();
        writer.WriteString("fullUrl"u8, url);
        writer.WritePropertyName("resource"u8);
        writer.WriteRawValue(resource.Span, skipInputValidation: true);
        writer.WriteEndObject();
    }
}

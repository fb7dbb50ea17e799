using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The operation $meta: the meta of a resource, or all profiles, tags and security labels in use on a type or in the whole system.
/// <see href="https://hl7.org/fhir/R4/resource-operation-meta.html"/>
/// </summary>
internal static class Meta
{
    public static ValueTask<FhirResponse> OfSystem(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => OfAll(endpoint, access, type: null, cancel);

    public static ValueTask<FhirResponse> OfType(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => OfAll(endpoint, access, request.Type, cancel);

    public static async ValueTask<FhirResponse> OfInstance(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Read, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        var stored = request.Route.VersionId is { } version
            ? await endpoint.Store.ReadVersion(request.Type, request.Id, version, cancel)
            : await endpoint.Store.Read(request.Type, request.Id, cancel);
        return stored is { IsDeleted: false } ? Answer(MetaLabels.Of(stored.Body).ToJson()) : Read.Answer(request, stored);
    }

    private static async ValueTask<FhirResponse> OfAll(FhirEndpoint endpoint, Access access, string? type, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Search, type ?? "*") is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!(await endpoint.Store.Labelled(type, cancel)).TryGet(out var labelled, out var failure))
        {
            return Outcomes.Of(failure);
        }

        var all = new MetaLabels(new());
        foreach (var resource in labelled)
        {
            all.Add(MetaLabels.Of(resource.Body));
        }

        return Answer(all.ToJson());
    }

    /// <summary>Parameters with the meta as <c>return</c>; of one without labels there is nothing to return, since a parameter must have a value.</summary>
    public static FhirResponse Answer(System.Text.Json.Nodes.JsonObject meta) => new(StatusCodes.Status200OK)
    {
        Body = Json.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType"u8, "Parameters"u8);
            if (meta.Count > 0)
            {
                writer.WriteStartArray("parameter"u8);
                writer.WriteStartObject();
                writer.WriteString("name"u8, "return"u8);
                writer.WritePropertyName("valueMeta"u8);
                meta.WriteTo(writer);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }),
    };
}

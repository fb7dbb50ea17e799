using System.Security.Cryptography;
using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Terminology;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// FHIR capabilities interaction: the CapabilityStatement, written from the route table, the served types and the search parameters that the store
/// indexes, so that it claims what is there and nothing else. <see href="https://hl7.org/fhir/R4/http.html#capabilities"/>
/// </summary>
internal static class Capabilities
{
    private static readonly string[] InstanceInteractions = ["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"];

    private static readonly string[] SystemInteractions = ["transaction", "batch", "search-system", "history-system"];

    public static ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => request.Parameter("mode") == "terminology" ? TerminologyCapabilities.Handle(endpoint, access, request, cancel) : ValueTask.FromResult(request.Parameter("mode") switch
        {
            null or "full" => Answer(request, Json.Write(writer => Write(writer, endpoint, request), 64 * 1024)),
            "normative" => Answer(request, NormativePart.Of(Json.Write(writer => Write(writer, endpoint, request), 64 * 1024))),
            var mode => Outcomes.Of(FailureKind.Malformed, IssueCode.Invalid, $"mode={mode} is not one of full, normative, terminology."),
        });

    /// <summary>With an ETag that changes when the statement does, so that a client need not take it again. <see href="https://hl7.org/fhir/R4/http.html#capabilities"/></summary>
    public static FhirResponse Answer(FhirRequest request, ReadOnlyMemory<byte> statement)
    {
        var version = Convert.ToHexStringLower(SHA256.HashData(statement.Span).AsSpan(0, 8));
        return new FhirResponse(Preconditions.IsKnown(request, version, DateTimeOffset.MaxValue) ? StatusCodes.Status304NotModified : StatusCodes.Status200OK)
        {
            Body = statement,
            VersionId = version,
            IsResource = true,
        };
    }

    private static void Write(Utf8JsonWriter writer, FhirEndpoint endpoint, FhirRequest request)
    {
        writer.WriteStartObject();
        WriteHead(writer, "CapabilityStatement", "metadata", endpoint, request);
        writer.WriteString("fhirVersion"u8, "4.0.1"u8);
        WriteArray(writer, "format", ["application/fhir+json", "application/fhir+xml", "json", "xml"]);
        WriteArray(writer, "patchFormat", endpoint.Persona.MissingInteractions.Contains("patch") ? [] : [MediaType.JsonPatch, "application/fhir+json", "application/fhir+xml"]);
        writer.WriteStartArray("rest"u8);
        writer.WriteStartObject();
        writer.WriteString("mode"u8, "server"u8);
        WriteSecurity(writer, endpoint);
        writer.WriteStartArray("resource"u8);
        var revIncludes = SearchRevIncludes(endpoint);
        foreach (var type in endpoint.Types.Order(StringComparer.Ordinal))
        {
            WriteType(writer, endpoint, type, revIncludes);
        }

        writer.WriteEndArray();
        WriteInteractions(writer, endpoint, SystemInteractions, readOnly: false);
        WriteSearchParameters(writer, [.. OfAllTypes(endpoint), .. SpecialParameters.All], endpoint);
        WriteOperations(writer, endpoint, type: null, route => route.Interaction[0] == '$' && !char.IsAsciiLetterUpper(route.Pattern[0]) && !route.Pattern.StartsWith('{'));
        WriteArray(writer, "compartment", R4Definitions.Compartments.Where(compartment => endpoint.Serves(compartment.Code))
            .Select(compartment => "http://hl7.org/fhir/CompartmentDefinition/" + compartment.Code.ToLowerInvariant()));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteHead(Utf8JsonWriter writer, string resourceType, string path, FhirEndpoint endpoint, FhirRequest request)
    {
        writer.WriteString("resourceType"u8, resourceType);
        writer.WriteString("id"u8, "server"u8);
        writer.WriteString("url"u8, $"{request.BaseUrl}/{path}");
        writer.WriteString("version"u8, Product.Version);
        writer.WriteString("name"u8, "AtcFhir"u8);
        writer.WriteString("title"u8, endpoint.Title);
        writer.WriteString("status"u8, "active"u8);
        writer.WriteString("date"u8, BundleWriter.Instant(endpoint.Started));
        writer.WriteString("publisher"u8, "AtcFhir"u8);
        writer.WriteString("kind"u8, "instance"u8);
        writer.WriteStartObject("software"u8);
        writer.WriteString("name"u8, "AtcFhir"u8);
        writer.WriteString("version"u8, Product.Version);
        writer.WriteEndObject();
        writer.WriteStartObject("implementation"u8);
        writer.WriteString("description"u8, endpoint.Title);
        writer.WriteString("url"u8, request.BaseUrl);
        writer.WriteEndObject();
    }

    private static void WriteSecurity(Utf8JsonWriter writer, FhirEndpoint endpoint)
    {
        writer.WriteStartObject("security"u8);
        if (endpoint.Access.NeedsToken)
        {
            writer.WriteStartArray("service"u8);
            writer.WriteStartObject();
            writer.WriteStartArray("coding"u8);
            writer.WriteStartObject();
            writer.WriteString("system"u8, "http://terminology.hl7.org/CodeSystem/restful-security-service"u8);
            writer.WriteString("code"u8, "SMART-on-FHIR"u8);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteString("description"u8, endpoint.Access.NeedsToken
            ? "Bearer tokens with SMART v2 scopes; see .well-known/smart-configuration."
            : "Open to this machine only.");
        writer.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter writer, FhirEndpoint endpoint, string type, ILookup<string, string> revIncludes)
    {
        var readOnly = endpoint.Persona.ReadOnlyTypes.Contains(type);
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        WriteArray(writer, "supportedProfile", endpoint.Profiles.Where(profile => profile.Type == type && endpoint.Validator().IsKnown(profile.Canonical)).Select(profile => profile.Canonical));
        WriteInteractions(writer, endpoint, InstanceInteractions, readOnly);
        writer.WriteString("versioning"u8, endpoint.Persona.HasVersions ? "versioned"u8 : "no-version"u8);
        writer.WriteBoolean("readHistory"u8, Has(endpoint, "vread"));
        writer.WriteBoolean("updateCreate"u8, !readOnly && Has(endpoint, "update"));
        writer.WriteBoolean("conditionalCreate"u8, !readOnly && endpoint.Persona.HasConditionalCreate);
        writer.WriteString("conditionalRead"u8, endpoint.Persona.HasVersions ? "full-support"u8 : "not-supported"u8);
        writer.WriteBoolean("conditionalUpdate"u8, !readOnly && Has(endpoint, "conditional-update"));
        writer.WriteString("conditionalDelete"u8, !readOnly && Has(endpoint, "conditional-delete") ? "multiple"u8 : "not-supported"u8);
        WriteArray(writer, "referencePolicy", ["literal", "logical"]);
        WriteArray(writer, "searchInclude", SearchIncludes(endpoint, type));
        WriteArray(writer, "searchRevInclude", revIncludes[type]);
        WriteSearchParameters(writer, [.. endpoint.Store.SearchParameters.For(type), .. SpecialParameters.For(type)], endpoint);
        WriteOperations(writer, endpoint, type, route => route.Interaction[0] == '$'
            && (route.Pattern.StartsWith("{type}", StringComparison.Ordinal) || route.Pattern.StartsWith(type + "/", StringComparison.Ordinal)));
        writer.WriteEndObject();
    }

    private static void WriteInteractions(Utf8JsonWriter writer, FhirEndpoint endpoint, string[] codes, bool readOnly)
    {
        writer.WriteStartArray("interaction"u8);
        foreach (var code in codes.Where(code => Has(endpoint, code) && !(readOnly && FhirRoute.Writes(code))))
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, code);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSearchParameters(Utf8JsonWriter writer, IReadOnlyList<SearchParameterDefinition> parameters, FhirEndpoint endpoint)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("searchParam"u8);
        foreach (var parameter in parameters.Where(parameter => !endpoint.Persona.MissingParameters.Contains(parameter.Code)).OrderBy(parameter => parameter.Code, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, parameter.Code);
            if (parameter.Url.Length > 0)
            {
                writer.WriteString("definition"u8, parameter.Url);
            }

            writer.WriteString("type"u8, parameter.Type.ToString().ToLowerInvariant());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOperations(Utf8JsonWriter writer, FhirEndpoint endpoint, string? type, Func<FhirRoute, bool> applies)
    {
        var names = endpoint.ServedRoutes.Where(applies).Select(route => route.Interaction[1..]).Distinct().ToList();
        if (names.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("operation"u8);
        foreach (var name in names)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, name);
            writer.WriteString("definition"u8, OperationUrl(name, type));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string OperationUrl(string name, string? type) => OwnOperations.CanonicalOf(name, type) ?? name switch
    {
        "status" or "events" => "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-" + name,
        "export" => "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/" + (type is null ? "export" : type.ToLowerInvariant() + "-export"),
        "document" or "everything" or "expand" or "validate-code" or "lookup" or "subsumes" or "translate" => $"http://hl7.org/fhir/OperationDefinition/{type}-{name}",
        _ => "http://hl7.org/fhir/OperationDefinition/Resource-" + name,
    };

    /// <summary>The reference parameters of the type that may lead to a served type, each of which _include takes.</summary>
    private static IEnumerable<string> SearchIncludes(FhirEndpoint endpoint, string type)
        => endpoint.Store.SearchParameters.For(type)
            .Where(parameter => parameter.Type == SearchParameterType.Reference && (parameter.Targets.Count == 0 || parameter.Targets.Any(endpoint.Serves)))
            .Select(parameter => $"{type}:{parameter.Code}")
            .Order(StringComparer.Ordinal);

    /// <summary>By type, the reference parameters of served types that may lead to it, each of which _revinclude takes.</summary>
    private static ILookup<string, string> SearchRevIncludes(FhirEndpoint endpoint)
        => endpoint.Types.Order(StringComparer.Ordinal).SelectMany(source => endpoint.Store.SearchParameters.For(source)
            .Where(parameter => parameter.Type == SearchParameterType.Reference)
            .SelectMany(parameter => parameter.Targets.Distinct().Select(target => (target, Parameter: $"{source}:{parameter.Code}"))))
            .ToLookup(pair => pair.target, pair => pair.Parameter, StringComparer.Ordinal);

    /// <summary>The parameters that R4 defines on Resource.</summary>
    private static List<SearchParameterDefinition> OfAllTypes(FhirEndpoint endpoint)
        => [.. endpoint.Store.SearchParameters.For(endpoint.Types.First()).Where(parameter => parameter.Url.StartsWith("http://hl7.org/fhir/SearchParameter/Resource-", StringComparison.Ordinal))];

    /// <summary>A batch comes through the route of transactions.</summary>
    private static bool Has(FhirEndpoint endpoint, string interaction)
        => endpoint.ServedRoutes.Any(route => route.Interaction == (interaction == "batch" ? "transaction" : interaction));

    private static void WriteArray(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        var list = values.ToList();
        if (list.Count == 0)
        {
            return; // R4 has no empty arrays
        }

        writer.WriteStartArray(name);
        foreach (var value in list)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}

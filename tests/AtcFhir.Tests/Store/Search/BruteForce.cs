using System.Text.Json;
using AtcFhir.R4.Definitions;
using Hl7.Fhir.FhirPath;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.FhirPath;

namespace AtcFhir.Tests.Store.Search;

/// <summary>
/// The judge of search: the official examples as POCOs, the parameter's own FHIRPath evaluated by the SDK's engine, and the matching rules of R4 written
/// down a second time, over POCO types and without an index.
/// </summary>
internal sealed class BruteForce
{
    private static readonly JsonSerializerOptions Options = new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector);

    private readonly Dictionary<(string, string), IReadOnlyList<Base>> values = [];
    private readonly Lock gate = new();

    private readonly Dictionary<string, Resource> byId;

    public BruteForce(IEnumerable<(string Id, byte[] Utf8)> resources)
    {
        Resources = [.. resources.Select(resource => (resource.Id, Resource: Read(resource.Utf8))).Where(entry => entry.Resource is not null).Select(entry => (entry.Id, entry.Resource!))];
        byId = Resources.ToDictionary();
    }

    public IReadOnlyList<(string Id, Resource Resource)> Resources { get; }

    public Resource? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>What the parameter selects in a resource.</summary>
    public IReadOnlyList<Base> Values(string id, Resource resource, SearchParameterDefinition parameter)
    {
        lock (gate)
        {
            if (!values.TryGetValue((id, parameter.Url), out var found))
            {
                values[(id, parameter.Url)] = found = [.. resource.Select(parameter.Expression!, new FhirEvaluationContext { ElementResolver = Stub }).OfType<Base>()];
            }

            return found;
        }
    }

    /// <summary>What a component of a composite selects in one of its elements.</summary>
    public static IReadOnlyList<Base> Parts(Base element, string expression) => [.. element.Select(expression, new FhirEvaluationContext { ElementResolver = Stub }).OfType<Base>()];

    public string[] Matching(string type, SearchParameterDefinition parameter, Func<IReadOnlyList<Base>, bool> test)
        => [.. Resources.Where(entry => entry.Resource.TypeName == type && test(Values(entry.Id, entry.Resource, parameter))).Select(entry => entry.Id).Order(StringComparer.Ordinal)];

    /// <summary>An id without a type that resources of several types are referred to under. (None of the examples is stored under its own id.)</summary>
    public bool IsAmbiguous(string type, SearchParameterDefinition parameter, OracleQuery query) => query.BareId is { } id
        && MatchingRules.TypesOf(Resources.Where(entry => entry.Resource.TypeName == type).SelectMany(entry => Values(entry.Id, entry.Resource, parameter)), id).Count(parameter.Targets.Contains) > 1;

    private static Resource? Read(byte[] utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<Resource>(utf8, Options);
        }
        catch (Exception e) when (e is DeserializationFailedException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Enough of a target for <c>resolve() is Patient</c>: its type.</summary>
    private static PocoNode? Stub(string reference)
    {
        var segments = reference.Split('/');
        var at = Array.FindLastIndex(segments, ModelInfo.IsKnownResource);
        return at >= 0 && at + 1 < segments.Length && ModelInfo.GetTypeForFhirType(segments[at]) is { } type ? ((Resource)Activator.CreateInstance(type)!).ToPocoNode() : null;
    }
}

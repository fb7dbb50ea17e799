using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Xml;
using Hl7.Fhir.Serialization;

namespace AtcFhir.Tests.R4.Xml;

/// <summary>The serializers of the Firely SDK as a judge of both directions.</summary>
public sealed class SdkXmlTests
{
    private static readonly FhirJsonDeserializer FromJson = new(new DeserializerSettings().UsingMode(DeserializationMode.Recoverable));
    private static readonly FhirXmlDeserializer FromXml = new(new DeserializerSettings().UsingMode(DeserializationMode.Recoverable));
    private static readonly FhirJsonSerializer ToJson = new();
    private static readonly FhirXmlSerializer ToXml = new();

    /// <summary>The SDK cuts decimals to 28 digits, rewrites 1E2 and the like; it is no judge of these.</summary>
    private static readonly HashSet<string> BeyondTheSdk = new(StringComparer.Ordinal) { "Observation-decimal" };

    [Fact]
    public void ReadsOurXmlAsItReadsTheJsonAndWeReadItsXml() => Assert.All(R4Examples.All.Where(example => !BeyondTheSdk.Contains(example.Name)), example =>
    {
        FromJson.TryDeserializeResource(Encoding.UTF8.GetString(example.Utf8), out var resource, out _);
        var expected = Normal(ToJson.SerializeToBytes(resource!));
        FromXml.TryDeserializeResource(Encoding.UTF8.GetString(FhirXml.ToUtf8(ResourceDocument.Parse(example.Utf8).Value)), out var ours, out _);
        Assert.Equal(expected, Normal(ToJson.SerializeToBytes(ours!)));
        var theirs = FhirXml.ToJson(ToXml.SerializeToBytes(resource!)).Value;
        Assert.Equal([], theirs.Issues);
        Assert.Equal(expected, Normal(theirs.Json));
    });

    /// <summary>The SDK trims values in XML and writes narrative anew; that we keep both as they are is shown by the way there and back.</summary>
    private static string Normal(byte[] json) => Normal(JsonNode.Parse(CanonicalForm.Of(json))!).ToJsonString();

    private static JsonNode Normal(JsonNode node) => node switch
    {
        JsonObject owner => new JsonObject(owner.Select(property => KeyValuePair.Create(property.Key, property.Value is null ? null : property.Key == "div" ? Markup(property.Value) : Normal(property.Value)))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Normal(item))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))!,
        _ => node.DeepClone(),
    };

    private static JsonValue Markup(JsonNode div)
    {
        var markup = XElement.Parse(div.GetValue<string>());
        markup.DescendantNodes().OfType<XComment>().Remove();
        return JsonValue.Create(markup.ToString(SaveOptions.DisableFormatting))!;
    }
}

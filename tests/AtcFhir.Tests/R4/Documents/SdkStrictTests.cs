using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using Hl7.Fhir.Serialization;

namespace AtcFhir.Tests.R4.Documents;

/// <summary>
/// The strict deserializer of the Firely SDK (structure, formats, codes, narrative) over the official examples, whole and damaged: what it refuses we refuse, and what
/// our structure check refuses it refuses.
/// </summary>
public sealed class SdkStrictTests
{
    /// <summary>Examples that the SDK refuses and we do not, and what decides.</summary>
    private static readonly Dictionary<string, string> Explained = new(StringComparer.Ordinal)
    {
        ["MessageHeader-1cbdfb97-5859-48a4-8301-d54eab818d68"] = "http:////acme.com/…: by datatypes.html a canonical is a uri, which is any text without white space; that this one has no host is nothing that R4 forbids",
        ["Observation-decimal"] = "-1.000000000000000000E+245: R4 sets no bound to the exponent, a System.Decimal does",
    };

    private static readonly Validator Official = new(ConformanceSource.Official);

    [Fact]
    public void GivesTheSameVerdictOnTheOfficialExamples()
    {
        var strict = new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Strict));
        var different = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var example in R4Examples.All)
        {
            strict.TryDeserializeResource(Encoding.UTF8.GetString(example.Utf8), out _, out var issues);
            var theirs = issues.ToList();
            var ours = ResourceDocument.Parse(example.Utf8).Value;
            if ((theirs.Count > 0 && Official.Validate(ours).IsValid) || (theirs.Count == 0 && ours.Issues.Count > 0))
            {
                different[example.Name] = theirs.Count > 0 ? theirs[0].Message : ours.Issues[0].Text;
            }
        }

        Assert.Equal(Explained.Keys.Order(StringComparer.Ordinal), different.Keys);
    }

    /// <summary>What our structure check refuses and the SDK does not, and what decides.</summary>
    private static readonly Dictionary<string, string> Stricter = new(StringComparer.Ordinal)
    {
        ["ATC-S016: has neither a value nor an extension."] = "a primitive with an id alone: ele-1, an element has a value or children besides its id",
        ["ATC-S016: has no content; an element has a value or children, or is left out (ele-1)."] = "the same of an object",
        ["ATC-S020: contains a space or a control character."] = "datatypes.html#uri: \\S*",
        ["ATC-S020: is not base64."] = "empty, or white space alone: datatypes.html#base64Binary: (\\s*([0-9a-zA-Z\\+\\/=]){4}\\s*)+",
    };

    /// <summary>A third of all faults in each example, each time another third, at places that are always the same.</summary>
    [Fact]
    public void GivesTheSameVerdictOnDamagedExamples()
    {
        var strict = new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Strict));
        var random = new Random(20261130);
        var laxer = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var stricter = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var judged = 0;
        var examples = R4Examples.All.Where(example => !Explained.ContainsKey(example.Name)).ToList();
        foreach (var (at, example) in examples.Index())
        {
            foreach (var damage in Damage.All.Where((_, number) => number % 3 == at % 3))
            {
                if (damage.In(example.Utf8, random) is not { } json)
                {
                    continue;
                }

                judged++;
                var theirs = Refusals(strict, json);
                var parsed = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json));
                if (theirs.Count > 0 && parsed.Succeeded && Official.Validate(parsed.Value).IsValid)
                {
                    laxer.TryAdd($"{damage.Name}: {theirs[0].Code}", $"{example.Name} {theirs[0].Text}");
                }
                else if (theirs.Count == 0)
                {
                    foreach (var issue in parsed.Failure?.Issues ?? parsed.Value.Issues)
                    {
                        stricter.TryAdd($"{issue.Rule}: {issue.Text[(issue.Text.IndexOf(' ', StringComparison.Ordinal) + 1)..]}", $"{example.Name} {issue.Expression}");
                    }
                }
            }
        }

        Assert.True(judged > 4_000, $"Only {judged} were judged.");
        Assert.Empty(laxer);
        Assert.Empty(stricter.Keys.Except(Stricter.Keys));
    }

    /// <summary>One example of each, so that none stays in the list that the SDK has come to refuse.</summary>
    [Theory]
    [InlineData("""{"resourceType":"Patient","contact":[{"id":"x"}]}""", "ATC-S016: has no content; an element has a value or children, or is left out (ele-1).")]
    [InlineData("""{"resourceType":"Patient","active":true,"name":[{"given":["a"],"_given":[null,{"id":"i"}]}]}""", "ATC-S016: has neither a value nor an extension.")]
    [InlineData("""{"resourceType":"Patient","implicitRules":"x y"}""", "ATC-S020: contains a space or a control character.")]
    [InlineData("""{"resourceType":"Binary","contentType":"text/css","data":" "}""", "ATC-S020: is not base64.")]
    public void TheSdkLetsPassWhatOurStructureCheckRefuses(string json, string what)
    {
        var issue = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value.Issues[0];
        Assert.Equal(what, $"{issue.Rule}: {issue.Text[(issue.Text.IndexOf(' ', StringComparison.Ordinal) + 1)..]}");
        Assert.Contains(what, Stricter.Keys);
        Assert.Empty(Refusals(new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Strict)), json));
    }

    /// <summary>What the SDK cannot even judge it refuses.</summary>
    private static List<(string Code, string Text)> Refusals(FhirJsonDeserializer strict, string json)
    {
        try
        {
            strict.TryDeserializeResource(json, out _, out var issues);
            return [.. issues.Select(issue => (issue.ErrorCode, issue.Message))];
        }
        catch (Exception fault) when (fault is InvalidOperationException or Hl7.Fhir.Utility.CodedException)
        {
            return [("fault", fault.Message)];
        }
    }
}

using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Xml;

namespace AtcFhir.Tests.Fuzzing;

internal enum FuzzKind
{
    Json,
    Xml,
    Expression,
    Profile,
    Terminology,
}

/// <summary>One damaged input, made from (seed, number) alone, so that a finding can be had again.</summary>
/// <param name="Choice">For everything else that the run chooses by chance.</param>
internal sealed record FuzzInput(FuzzKind Kind, byte[] Bytes, int Choice)
{
    public static FuzzInput Make(int seed, int number)
    {
        var random = new Random(unchecked((seed * 16_777_619) ^ (number * (int)0x9E3779B1)));
        var kind = random.Next(100) switch
        {
            < 60 => FuzzKind.Json,
            < 80 => FuzzKind.Xml,
            < 96 => FuzzKind.Expression,
            < 98 => FuzzKind.Profile,
            _ => FuzzKind.Terminology,
        };
        return new FuzzInput(kind, Damaged(kind, random), random.Next());
    }

    private static byte[] Damaged(FuzzKind kind, Random random) => kind switch
    {
        FuzzKind.Json => random.Next(2) == 0 ? Tree(random, FuzzCorpus.Trees) : TextMutation.Json(random, One(random, FuzzCorpus.Resources), One(random, FuzzCorpus.Resources)),
        FuzzKind.Xml => Xml(random),
        FuzzKind.Expression => Encoding.UTF8.GetBytes(TextMutation.Path(random, One(random, FuzzCorpus.Expressions))),
        FuzzKind.Profile => Tree(random, FuzzCorpus.Profiles),
        _ => Tree(random, FuzzCorpus.Terminology),
    };

    /// <summary>Half of it damaged before it becomes XML, half of it after.</summary>
    private static byte[] Xml(Random random)
    {
        var before = random.Next(2) == 0;
        var json = before ? Tree(random, FuzzCorpus.Trees) : One(random, FuzzCorpus.Resources);
        return ResourceDocument.Parse(json).TryGet(out var document, out _) && FhirXml.ToUtf8(document) is var xml
            ? before ? xml : TextMutation.Xml(random, xml)
            : TextMutation.Xml(random, "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"a\"/></Patient>"u8.ToArray());
    }

    private static byte[] Tree(Random random, IReadOnlyList<System.Text.Json.Nodes.JsonObject> seeds)
        => Encoding.UTF8.GetBytes(new TreeMutation(random, seeds).Apply(One(random, seeds), random.Next(1, 5)).ToJsonString());

    private static T One<T>(Random random, IReadOnlyList<T> all) => all[random.Next(all.Count)];
}

using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.FhirPath.Guards;

namespace AtcFhir.Tests.R4.FhirPath.Guards;

public class PresenceGuardTests
{
    private static readonly TypeSchema Observation = R4Definitions.Find("Observation")!;

    [Theory]
    [InlineData("dataAbsentReason.empty() or value.empty()", "status", true)]
    [InlineData("dataAbsentReason.empty() or value.empty()", "value", true)]
    [InlineData("dataAbsentReason.empty() or value.empty()", "value dataAbsentReason", false)]
    [InlineData("value.exists() != component.exists()", "component", true)]
    [InlineData("value.exists() != component.exists()", "", false)]
    [InlineData("component.all(value.exists())", "", true)]
    [InlineData("component.all(value.exists())", "component", false)]
    [InlineData("component.count() <= 2", "", true)]
    [InlineData("component.where(code.exists()).empty()", "", true)]
    [InlineData("value.exists() implies status.exists()", "value status", true)]
    [InlineData("(value | component).exists()", "component", true)]
    public void TellsFromPresenceWhatPresenceDecides(string expression, string present, bool holds)
    {
        var guard = PresenceGuard.Of(expression, Observation)!;
        var mask = present.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(0UL, (bits, name) => bits | (1UL << Observation.Find(name)!.Ordinal));
        var node = ResourceDocument.Parse("""{"resourceType":"Observation"}"""u8.ToArray()).Value.Root;
        Assert.Equal(holds, guard.Holds(node, mask));
    }

    [Theory]
    [InlineData("%resource.id.exists()")]
    [InlineData("value.ofType(Quantity).value > 3 or status = 'final'")]
    [InlineData("children().count() > 1")]
    [InlineData("status.exists() and")]
    [InlineData("nothing.empty()")]
    public void SaysNothingOfWhatPresenceDoesNotDecide(string expression)
    {
        var guard = PresenceGuard.Of(expression, Observation);
        var node = ResourceDocument.Parse("""{"resourceType":"Observation"}"""u8.ToArray()).Value.Root;
        Assert.True(guard is null || !guard.Holds(node, ulong.MaxValue));
    }

    [Fact]
    public void AnErrorOnTheLeftIsNotPassedOver()
        => Assert.Null(PresenceGuard.Of("(1 | 2) and value.exists()", Observation));

    /// <summary>The engine is the judge, on official examples from which a part was taken.</summary>
    [Fact]
    public void NeverContradictsTheEngine()
    {
        var random = new Random(20261124);
        var compared = 0;
        foreach (var example in R4Examples.All.Where(example => example.Utf8.Length < 20_000))
        {
            var root = JsonNode.Parse(example.Utf8)!.AsObject();
            for (var cut = 0; cut < 3; cut++)
            {
                compared += Compare(Encoding.UTF8.GetBytes(root.ToJsonString()));
                Cut(root, random);
            }
        }

        Assert.True(compared > 10_000 || R4Examples.All.Count == 0);
    }

    private static int Compare(byte[] utf8)
    {
        var compared = 0;
        using var document = ResourceDocument.Parse(utf8).Value;
        for (var i = 0; i < document.NodeCount; i++)
        {
            var node = document.NodeAt(i);
            foreach (var constraint in node.Type.Constraints)
            {
                if (!node.IsPrimitive && Guards.Of(constraint, node.Type) is { Guard: { } guard, Expression: { } expression } && guard.Holds(node, node.PresentElements))
                {
                    compared++;
                    Assert.True(expression.TryPredicate(node) is { Succeeded: true, Value: not false }, $"{constraint.Key} on {node}");
                }
            }
        }

        return compared;
    }

    private static void Cut(JsonObject root, Random random)
    {
        var at = root;
        while (at.Where(property => property.Value is JsonObject).Select(property => property.Value!.AsObject()).ToList() is { Count: > 0 } inner && random.Next(2) == 0)
        {
            at = inner[random.Next(inner.Count)];
        }

        var names = at.Select(property => property.Key).Where(name => name != "resourceType").ToList();
        if (names.Count > 0)
        {
            at.Remove(names[random.Next(names.Count)]);
        }
    }

    private static class Guards
    {
        private static readonly Dictionary<(Constraint, TypeSchema), (PresenceGuard? Guard, FhirPathExpression? Expression)> Known = [];

        public static (PresenceGuard? Guard, FhirPathExpression? Expression) Of(Constraint constraint, TypeSchema type)
        {
            if (!Known.TryGetValue((constraint, type), out var pair))
            {
                FhirPathExpression.Compile(constraint.Expression, type, FhirPathUse.Definition).TryGet(out var expression, out _);
                Known[(constraint, type)] = pair = (expression is null ? null : PresenceGuard.Of(constraint.Expression, type), expression);
            }

            return pair;
        }
    }
}

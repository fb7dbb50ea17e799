using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Tests.Fuzzing;

/// <summary>What holds of every answer, whatever the input was.</summary>
internal static class FuzzChecks
{
    /// <summary>Every issue says something, carries a rule, speaks no exception's language and stands within the text.</summary>
    public static void Issues(IReadOnlyList<Issue> issues, byte[] input)
    {
        if (issues.Count == 0)
        {
            return;
        }

        var lines = new List<int>();
        var start = 0;
        for (var end = Array.IndexOf(input, (byte)'\n'); end >= 0; end = Array.IndexOf(input, (byte)'\n', start))
        {
            lines.Add(end - start);
            start = end + 1;
        }

        lines.Add(input.Length - start);
        foreach (var issue in issues)
        {
            Require(issue.Text.Length > 0 && issue.Rule is not null, $"an issue without text or rule: {issue}");
            Require(!SpeaksOfExceptions(issue, input), $"the text of an exception: {issue.Text} {issue.Diagnostics}");
            if (issue.Expression is null && issue.Rule is "ATC-S003" or "ATC-V008" && issue.Line is null)
            {
                // That there is more stands nowhere.
                continue;
            }

            Require(issue is { Line: >= 1, Column: >= 1 } && issue.Line <= lines.Count && issue.Column <= lines[issue.Line.Value - 1] + 1, $"no place in the text: {issue.Rule} {issue.Line}:{issue.Column} {issue.Text}");
        }
    }

    /// <summary>The expression of every issue evaluates on the instance, to one element; of a list that should be none, to all that is in it.</summary>
    public static void Expressions(IReadOnlyList<Issue> issues, ResourceDocument document)
    {
        foreach (var issue in issues.Take(6))
        {
            if (issue.Expression is not { } text)
            {
                continue;
            }

            var compiled = FhirPathExpression.Compile(text, document.Root.Type);
            Require(compiled.Succeeded, $"the expression does not compile: {text} {compiled.Failure?.Issues[0].Text}");
            var found = compiled.Value.TryEvaluate(document.Root);
            Require(found.Succeeded && (found.Value.Count == 1 || (found.Value.Count > 1 && issue.Rule == StructureRule.ShouldNotBeArray.Id) || (found.Value.Count == 0 && LacksValue(issue, document))), $"the expression does not find one element: {text} of {issue.Rule}");
        }
    }

    /// <summary>What has no value, or one of another kind, is no element for FHIRPath; something around it is.</summary>
    private static bool LacksValue(Issue issue, ResourceDocument document)
    {
        if (!issue.Rule!.StartsWith("ATC-S", StringComparison.Ordinal))
        {
            return false;
        }

        var around = issue.Expression!;
        do
        {
            around = around[..around.LastIndexOf('.')];
        }
        while (around.Contains('.', StringComparison.Ordinal) && FhirPathExpression.Compile(around).Value.TryEvaluate(document.Root) is { Succeeded: true, Value.Count: 0 });
        return FhirPathExpression.Compile(around).Value.TryEvaluate(document.Root) is { Succeeded: true, Value.Count: 1 };
    }

    public static void Same(IReadOnlyList<Issue> first, IReadOnlyList<Issue> second)
    {
        var (one, other) = (first.Select(Shown).ToList(), second.Select(Shown).ToList());
        Require(one.SequenceEqual(other), $"another verdict the second time: {one.Except(other).FirstOrDefault()} {other.Except(one).FirstOrDefault()}");
    }

    private static string Shown(Issue issue) => $"{issue.Severity} {issue.Rule} {issue.Expression} {issue.Line}:{issue.Column} {issue.Text} {issue.Diagnostics} {string.Join(' ', issue.Profiles)}";

    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FuzzFinding(otherwise);
        }
    }

    private static bool SpeaksOfExceptions(Issue issue, byte[] input)
    {
        var text = $"{issue.Text} {issue.Diagnostics}";
        // HealthcareService has an element availabilityExceptions.
        return (text.Replace("Exceptions", "", StringComparison.Ordinal).Contains("Exception", StringComparison.Ordinal) || text.Contains("   at ", StringComparison.Ordinal) || text.Contains("(Parameter '", StringComparison.Ordinal))
            && !Encoding.UTF8.GetString(input).Contains("Exception", StringComparison.Ordinal);
    }
}

/// <summary>A promise that an input broke.</summary>
internal sealed class FuzzFinding(string message) : Exception(message);

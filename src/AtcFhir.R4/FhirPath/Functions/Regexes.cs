using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>matches(), matchesFull() and replaceMatches(), with a time limit. <see href="https://hl7.org/fhirpath/N1/#matchesregex--string--boolean"/></summary>
internal static class Regexes
{
    private const int RememberedAtMost = 500;

    /// <summary>What a match that ran into the time limit takes from the budget, of which it is a tenth.</summary>
    private const int StepsOfATimeout = 500_000;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>By pattern, those of matches() without flags: nearly all. Texts as keys, since dictionaries of other keys are compiled at start.</summary>
    private static readonly ConcurrentDictionary<string, Regex> Usual = new(StringComparer.Ordinal);

    /// <summary>By pattern and everything else that makes them.</summary>
    private static readonly ConcurrentDictionary<string, Regex> Others = new(StringComparer.Ordinal);

    public static IReadOnlyList<ScalarFunction> Functions { get; } =
    [
        new("matches", KindSet.String, KindSet.Boolean, static (in call) => IsMatch(call, full: false), 1, KindSet.String, KindSet.String),
        new("matchesFull", KindSet.String, KindSet.Boolean, static (in call) => IsMatch(call, full: true), 1, KindSet.String, KindSet.String),
        new("replaceMatches", KindSet.String, KindSet.String, ReplaceMatches, 2, KindSet.String, KindSet.String),
    ];

    /// <summary>A constant pattern is checked and made when the expression is compiled.</summary>
    public static void Check(CallSyntax call, Operation? pattern)
    {
        if (pattern is ConstantOperation { Value.Kind: FhirPathKind.String } constant)
        {
            try
            {
                _ = Find(constant.Value.String, call.Name == "matchesFull", "");
            }
            catch (ArgumentException fault)
            {
                throw new SyntaxFault($"this regular expression is not valid: {fault.Message}", pattern.Position);
            }
        }
    }

    private static FhirPathItem IsMatch(in ScalarCall call, bool full)
    {
        var flags = call.Second.Exists ? call.Second.String : "";
        if (!full && flags.Length == 0 && CharacterPattern.Find(call.First.String) is { } plain)
        {
            call.Run.StepText(call.Input.String);
            return plain.FindsIn(call.Input.String);
        }

        var regex = Of(call, call.First.String, full, flags);
        call.Run.StepText(call.Input.String);
        try
        {
            return regex.IsMatch(call.Input.String);
        }
        catch (RegexMatchTimeoutException)
        {
            call.Run.Step(StepsOfATimeout);
            return Linear(call.First.String, full, flags)?.IsMatch(call.Input.String) ?? throw TooLong(call);
        }
    }

    private static FhirPathItem ReplaceMatches(in ScalarCall call)
    {
        if (call.First.String.Length == 0)
        {
            return call.Input;
        }

        call.Run.StepText(call.Input.String);
        if (CharacterPattern.Find(call.First.String) is { } plain && !plain.FindsIn(call.Input.String))
        {
            // Nothing to replace: mostly a text has none of the characters that are to go.
            return call.Input;
        }

        var regex = Of(call, call.First.String, false, "");
        try
        {
            return regex.Replace(call.Input.String, call.Second.String);
        }
        catch (RegexMatchTimeoutException)
        {
            call.Run.Step(StepsOfATimeout);
            return Linear(call.First.String, false, "")?.Replace(call.Input.String, call.Second.String) ?? throw TooLong(call);
        }
    }

    private static FhirPathException TooLong(in ScalarCall call)
        => call.Run.Fault(call.Position, "the regular expression takes too long on this text; simplify it, nested repetitions above all.", IssueCode.TooCostly);

    private static Regex Of(in ScalarCall call, string pattern, bool full, string flags)
    {
        try
        {
            return Find(pattern, full, flags);
        }
        catch (ArgumentException)
        {
            throw call.Fault("the regular expression or its flags are not valid.");
        }
    }

    /// <summary>The same pattern for the matcher whose time grows with the text alone; it is slower on most texts, and takes no look-around or back references (null).</summary>
    private static Regex? Linear(string pattern, bool full, string flags)
    {
        try
        {
            return Find(pattern, full, flags, RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private static Regex Find(string pattern, bool full, string flags, RegexOptions matcher = RegexOptions.None)
    {
        var (remembered, key) = !full && flags.Length == 0 && matcher == RegexOptions.None ? (Usual, pattern) : (Others, $"{(int)matcher} {full} {flags} {pattern}");
        if (remembered.TryGetValue(key, out var regex))
        {
            return regex;
        }

        // "Single line" mode: the dot matches line ends.
        var options = RegexOptions.CultureInvariant | RegexOptions.Singleline | matcher;
        foreach (var flag in flags)
        {
            options |= flag switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                _ => throw new ArgumentException("The flags are i and m.", nameof(flags)),
            };
        }

        regex = new Regex(full ? $@"\A(?:{pattern})\z" : pattern, options, matcher == RegexOptions.None ? TimeLimit : Regex.InfiniteMatchTimeout);
        if (remembered.Count < RememberedAtMost)
        {
            remembered[key] = regex;
        }

        return regex;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
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

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    private static readonly ConcurrentDictionary<(string Pattern, bool Full, string Flags), Regex> Remembered = new();

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
        var regex = Of(call, call.First.String, full, call.Second.Exists ? call.Second.String : "");
        var start = Stopwatch.GetTimestamp();
        try
        {
            return regex.IsMatch(call.Input.String);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooLong(call);
        }
        finally
        {
            call.Run.StepTime(Stopwatch.GetElapsedTime(start));
        }
    }

    private static FhirPathItem ReplaceMatches(in ScalarCall call)
    {
        if (call.First.String.Length == 0)
        {
            return call.Input;
        }

        var regex = Of(call, call.First.String, false, "");
        var start = Stopwatch.GetTimestamp();
        try
        {
            return regex.Replace(call.Input.String, call.Second.String);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooLong(call);
        }
        finally
        {
            call.Run.StepTime(Stopwatch.GetElapsedTime(start));
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

    private static Regex Find(string pattern, bool full, string flags)
    {
        if (Remembered.TryGetValue((pattern, full, flags), out var regex))
        {
            return regex;
        }

        // "Single line" mode: the dot matches line ends.
        var options = RegexOptions.CultureInvariant | RegexOptions.Singleline;
        foreach (var flag in flags)
        {
            options |= flag switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                _ => throw new ArgumentException("The flags are i and m.", nameof(flags)),
            };
        }

        regex = new Regex(full ? $@"\A(?:{pattern})\z" : pattern, options, TimeLimit);
        if (Remembered.Count < RememberedAtMost)
        {
            Remembered[(pattern, full, flags)] = regex;
        }

        return regex;
    }
}

using System.Collections.Frozen;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>Every function by name.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Func<Binder, CallSyntax, Bound, Bound>> ByName = Build();

    public static IEnumerable<string> Names => ByName.Keys;

    public static Func<Binder, CallSyntax, Bound, Bound> Find(CallSyntax call)
        => ByName.TryGetValue(call.Name, out var bind)
            ? bind
            : throw new SyntaxFault(
                $"there is no function '{call.Name}()'{(Suggestion.Nearest(call.Name, ByName.Keys) is { } near ? $"; did you mean '{near}()'?" : ".")}",
                call.Position);

    private static FrozenDictionary<string, Func<Binder, CallSyntax, Bound, Bound>> Build()
    {
        IEnumerable<CollectionFunction> collections =
            [.. Existence.Functions, .. Filtering.Functions, .. Subsetting.Functions, .. Utility.Functions, .. Branching.Functions, .. TreeNavigation.Functions,
                .. TextCollections.Functions, .. Sorting.Functions, .. FhirFunctions.Functions];
        IEnumerable<ScalarFunction> scalars =
            [.. Strings.Functions, .. Regexes.Functions, .. Mathematics.Functions, .. Conversions.Functions, .. Boundaries.Functions];
        var functions = collections.ToDictionary(function => function.Name, function => function.Bind, StringComparer.Ordinal);
        foreach (var function in scalars)
        {
            functions.Add(function.Name, function.Bind);
        }

        return functions.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Profiles;

/// <summary>
/// A profile only narrows: what an element of a differential says, compared with what it inherits.
/// <see href="https://hl7.org/fhir/R4/profiling.html#limitations"/>
/// </summary>
internal static class DifferentialLint
{
    public static IEnumerable<ProfileProblem> Compare(StructureModel structure, ElementModel inherited, ElementModel stated)
    {
        if (inherited.Fixed is { } fixedInBase && stated.Fixed is { } fixedHere && fixedInBase.Display != fixedHere.Display)
        {
            yield return new ProfileProblem(
                Rules.LintFixed,
                stated.Id,
                $"The differential of {structure.Url} fixes {stated.Id} to {fixedHere.Display}, which its base fixes to {fixedInBase.Display}; nothing can have both values.");
        }

        if (stated.Min < inherited.Min || stated.Max > inherited.Max)
        {
            yield return new ProfileProblem(
                Rules.LintCardinality,
                stated.Id,
                $"{stated.Id} has the cardinality {Cardinality(stated.Min ?? inherited.Min, stated.Max ?? inherited.Max)}, its base has {Cardinality(inherited.Min, inherited.Max)}; a profile only narrows.");
        }

        if (inherited.Binding is { Strength: BindingStrength.Required or BindingStrength.Extensible } demanded && stated.Binding is { IsStrengthStated: true } binding && binding.Strength > demanded.Strength)
        {
            yield return new ProfileProblem(
                Rules.LintBinding,
                stated.Id,
                $"The binding of {stated.Id} is {Word(binding.Strength)}, that of its base is {Word(demanded.Strength)}; a profile does not weaken it.");
        }

        if (inherited.Types is not { Count: > 0 } allowed)
        {
            yield break;
        }

        foreach (var code in (stated.Types ?? []).Select(type => type.Code).Distinct())
        {
            // A type of a URL is one of a logical model, or of FHIRPath.
            if (R4Definitions.Find(code) is { } type ? !allowed.Any(other => IsAllowed(type, other.Code)) : !ReferenceIndex.IsAbsolute(code))
            {
                yield return new ProfileProblem(Rules.LintType, stated.Id, $"{stated.Id} is given the type {code}; its base allows {string.Join(", ", allowed.Select(other => other.Code).Distinct())}.");
            }
        }
    }

    /// <summary>The ids of elements are strings to some definitions and ids to others.</summary>
    private static bool IsAllowed(TypeSchema type, string code)
        => R4Definitions.Find(code) is not { } other || type.Is(other) || (type.Name is "string" or "id" && other.Name is "string" or "id");

    private static string Word(BindingStrength strength) => strength.ToString().ToLowerInvariant();

    private static string Cardinality(int? min, int? max) => string.Create(CultureInfo.InvariantCulture, $"{min ?? 0}..{(max is null or int.MaxValue ? "*" : max)}");
}

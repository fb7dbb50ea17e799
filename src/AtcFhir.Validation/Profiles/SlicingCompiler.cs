using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>Compiles the slices of an element: discriminator paths are followed on the definition, once, to what each slice demands there.</summary>
internal sealed class SlicingCompiler(CompiledProfiles profiles, CompiledProfile profile, Func<ElementNode, TypeSchema?, ElementSchema?, ElementRule> compileElement)
{
    private const string Default = "@default";

    public SlicingRule? Compile(ElementNode unsliced, TypeSchema? type, ElementSchema? element)
    {
        if (unsliced.Slices.Count == 0)
        {
            return unsliced.Model.Slicing is { Rules: SlicingRules.Closed } closed && !IsChoice(unsliced)
                ? new SlicingRule { Model = closed, Slices = [] }
                : null;
        }

        var model = unsliced.Model.Slicing ?? ImplicitSlicing(unsliced);
        var outer = unsliced.Slices.Where(slice => !IsReslice(unsliced, slice)).ToList();
        return Compile(unsliced, outer, model, type, element);
    }

    private SlicingRule Compile(ElementNode unsliced, List<ElementNode> slices, SlicingModel model, TypeSchema? type, ElementSchema? element)
    {
        var rules = new List<SliceRule>();
        SliceRule? other = null;
        foreach (var slice in slices)
        {
            var rule = CompileSlice(unsliced, slice, model, type, element);
            if (rule.Name == Default || rule.Name.EndsWith("/" + Default, StringComparison.Ordinal))
            {
                other = rule;
            }
            else
            {
                rules.Add(rule);
            }
        }

        LintTwins(rules);
        return new SlicingRule { Model = model, Slices = [.. rules], Default = other };
    }

    /// <summary>Two slices that are told by the same demands: what belongs to one belongs to the other.</summary>
    private void LintTwins(List<SliceRule> slices)
    {
        foreach (var twins in slices.Where(slice => slice.Criteria.Length > 0).GroupBy(slice => string.Join(" and ", slice.Criteria.Select(criterion => criterion.Demand)), StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            profile.Problems.Add(new ProfileProblem(
                Rules.LintDiscriminator,
                twins.Last().Rule.Id,
                $"The slices '{string.Join("' and '", twins.Select(slice => slice.Name))}' cannot be told apart: each {twins.Key}."));
        }
    }

    private SliceRule CompileSlice(ElementNode unsliced, ElementNode slice, SlicingModel model, TypeSchema? type, ElementSchema? element)
    {
        var name = slice.Model.SliceName!;
        var sliceType = slice.Model.Types is { Count: > 0 } ? ProfileCompiler.ChildType(slice.Model, element) ?? type : type;
        var isDefault = name.EndsWith(Default, StringComparison.Ordinal);
        var inner = unsliced.Slices.Where(other => other.Model.SliceName!.StartsWith(name + "/", StringComparison.Ordinal)
            && !other.Model.SliceName.AsSpan(name.Length + 1).Contains('/')).ToList();
        return new SliceRule
        {
            Name = name,
            Min = slice.Model.Min ?? 0,
            Max = slice.Model.Max ?? int.MaxValue,
            Rule = compileElement(slice, sliceType, element),
            Criteria = isDefault ? [] : Criteria(slice, model),
            Reslicing = inner.Count > 0 ? Compile(unsliced, inner, slice.Model.Slicing ?? model with { Rules = SlicingRules.Open }, sliceType, element) : null,
        };
    }

    private static bool IsReslice(ElementNode unsliced, ElementNode slice)
    {
        var slash = slice.Model.SliceName!.LastIndexOf('/');
        return slash > 0 && unsliced.Slice(slice.Model.SliceName[..slash]) is not null;
    }

    private static bool IsChoice(ElementNode node) => node.Name.EndsWith("[x]", StringComparison.Ordinal);

    /// <summary>Extensions are sliced by url and choices by type even when the profile leaves that unsaid.</summary>
    private static SlicingModel ImplicitSlicing(ElementNode node)
        => node.Name is "extension" or "modifierExtension" ? SlicingModel.ByUrl
            : IsChoice(node) ? new SlicingModel([new DiscriminatorModel("type", "$this")], false, SlicingRules.Open)
            : new SlicingModel([], false, SlicingRules.Open);

    private Criterion[] Criteria(ElementNode slice, SlicingModel model)
    {
        var criteria = new List<Criterion>();
        var silent = new List<string>();
        foreach (var discriminator in model.Discriminators)
        {
            if (DiscriminatorPath.Parse(discriminator.Path) is not { } path)
            {
                profile.Problems.Add(new ProfileProblem(Rules.LintDiscriminator, slice.Model.Id, $"The discriminator path '{discriminator.Path}' of {slice.Model.Id} is none that R4 allows; it is ignored."));
            }
            else if (DiscriminatorResolution.Resolve(profiles, slice, discriminator.Type, path) is { } criterion)
            {
                criteria.Add(criterion);
            }
            else
            {
                silent.Add(discriminator.Path);
            }
        }

        if (silent.Count > 0 && criteria.Count == 0)
        {
            profile.Problems.Add(new ProfileProblem(
                Rules.LintDiscriminator,
                slice.Model.Id,
                $"The slice {slice.Model.Id} demands nothing at its discriminator {string.Join(", ", silent)}; an element belongs to it when it satisfies the slice as a whole."));
        }

        return [.. criteria];
    }
}

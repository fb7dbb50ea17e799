using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>
/// Turns the element tree of one profile into rules, dropping what the base definition of the type demands already.
/// What it cannot do becomes a <see cref="ProfileProblem"/>, never an exception, and the rest of the profile still works.
/// </summary>
internal sealed class ProfileCompiler(CompiledProfiles profiles, StructureModel structure, int ordinal)
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(200);

    private readonly CompiledProfile profile = new(structure, ordinal);
    private readonly Dictionary<string, ElementRule> byId = new(StringComparer.Ordinal);
    private readonly List<(ElementRule Rule, string Reference)> references = [];
    private SlicingCompiler slicing = null!;

    public CompiledProfile Compile()
    {
        var tree = new SnapshotGenerator(profiles.Source.Structure).Generate(structure, profile.Problems);

        profile.Type = R4Definitions.Find(structure.Type);
        if (tree is null)
        {
            return profile;
        }

        LintChoicePaths(tree);
        profile.IsModifierExtension = structure.IsExtension && tree.Model.IsModifier == true;
        slicing = new SlicingCompiler(profiles, profile, CompileElement);
        profile.Root = CompileElement(tree, profile.Type, null);
        foreach (var (rule, reference) in references)
        {
            var id = reference[(reference.IndexOf('#', StringComparison.Ordinal) + 1)..];
            if (byId.TryGetValue(id, out var target))
            {
                rule.Children = target.Children;
            }
        }

        return profile;
    }

    /// <summary>"valueQuantity" in a differential: some read it as one type of several, some as the only one.</summary>
    private void LintChoicePaths(ElementNode tree)
    {
        var slices = tree.Flatten().Where(node => node.Name.EndsWith("[x]", StringComparison.Ordinal) && node.Model.SliceName is not null)
            .Select(node => $"{node.Parent?.Model.Path}.{node.Model.SliceName}").ToHashSet(StringComparer.Ordinal);
        foreach (var element in structure.Differential.Where(element => slices.Contains(element.Path)))
        {
            profile.Problems.Add(new ProfileProblem(
                Rules.LintChoicePath,
                element.Id,
                $"The path {element.Path} renames a choice; other validators may leave the choice open. Write the path of the choice and its type."));
        }
    }

    /// <param name="type">The type of the occurrences where there is only one.</param>
    /// <param name="element">The element of the base definition; null of the root, and where the type is not known.</param>
    private ElementRule CompileElement(ElementNode node, TypeSchema? type, ElementSchema? element)
    {
        var model = node.Model;
        var rule = new ElementRule { Id = model.Id, Profile = profile };
        byId.TryAdd(model.Id, rule);
        rule.Types = Types(model, element);
        rule.Fixed = model.Fixed is { } fixedValue ? Constant.Of(fixedValue) : null;
        rule.Pattern = model.Pattern is { } pattern ? Constant.Of(pattern) : null;
        rule.MinValue = model.MinValue;
        rule.MaxValue = model.MaxValue;
        rule.Earliest = FromNow(model.MinValue, isMinimum: true, model, element);
        rule.Latest = FromNow(model.MaxValue, isMinimum: false, model, element);
        rule.MinLength = model.MinLength;
        rule.MaxLength = model.MaxLength;
        rule.MaxDecimalPlaces = model.MaxDecimalPlaces;
        rule.Regex = Compile(model.Regex, model);
        rule.Binding = Binding(model, element);
        rule.MustHaveValue = model.MustHaveValue;
        rule.ValueAlternatives = model.ValueAlternatives;
        rule.NarrativeLanguages = model.NarrativeLanguages;
        rule.Invariants = Invariants(model, type, element);
        if (model.ContentReference is { } reference && node.Children.Count == 0 && !structure.IsConstraint)
        {
            // In a profile it stands for the definition without constraints, which the base walk checks.
            references.Add((rule, reference));
        }

        rule.Children = Children(node, type);
        return rule;
    }

    private ChildGroup[] Children(ElementNode node, TypeSchema? type)
    {
        var groups = new List<ChildGroup>();
        foreach (var child in node.Children)
        {
            var element = FindElement(type, child.Name, out var renamedType);
            var childType = renamedType ?? ChildType(child.Model, element);
            var rule = CompileElement(child, childType, element);
            if (renamedType is not null && rule.Types.Length == 0)
            {
                // A snapshot of the old style that says valueQuantity allows only that type.
                rule.Types = [new TypeRule(renamedType.Name, renamedType, [], null)];
            }

            var group = new ChildGroup
            {
                Name = element?.Name ?? child.Name.Replace("[x]", "", StringComparison.Ordinal),
                Element = element,
                Min = child.Model.Min is { } min && min > (element?.Min ?? 0) ? min : 0,
                Max = child.Model.Max is { } max && max < (element?.Max ?? int.MaxValue) ? max : int.MaxValue,
                Rule = rule,
            };
            group.Slicing = slicing.Compile(child, childType, element);
            group.Complete();
            LintCardinality(child);

            if (!rule.IsEmpty || group.Min > 0 || group.Max < int.MaxValue || group.Slicing is not null || child.Model.ContentReference is not null)
            {
                groups.Add(group);
            }
        }

        return [.. groups];
    }

    private void LintCardinality(ElementNode node)
    {
        var model = node.Model;
        foreach (var element in node.Slices.Prepend(node).Select(each => each.Model).Where(each => each.Min > each.Max))
        {
            profile.Problems.Add(new ProfileProblem(Rules.LintCardinality, element.Id, $"{element.Id} has the cardinality {element.Min}..{element.Max}, which nothing can meet."));
        }

        var demanded = node.Slices.Where(slice => !slice.Model.SliceName!.Contains('/', StringComparison.Ordinal)).Sum(slice => (long)(slice.Model.Min ?? 0));
        if (demanded > model.Max)
        {
            profile.Problems.Add(new ProfileProblem(Rules.LintCardinality, model.Id, $"The slices of {model.Id} demand {demanded} occurrences together, but at most {model.Max} are allowed."));
        }
    }

    /// <summary>The element of that name in a snapshot; "valueQuantity" names its type at the same time.</summary>
    private static ElementSchema? FindElement(TypeSchema? type, string name, out TypeSchema? renamedType)
    {
        renamedType = null;
        var plain = name.EndsWith("[x]", StringComparison.Ordinal) ? name[..^3] : name;
        foreach (var element in type?.Elements ?? [])
        {
            if (element.Name == plain)
            {
                return element;
            }
        }

        foreach (var element in type?.Elements ?? [])
        {
            for (var i = 0; element.IsChoice && i < element.JsonNames.Count; i++)
            {
                if (element.JsonNames[i] == plain)
                {
                    renamedType = element.Types[i].Type;
                    return element;
                }
            }
        }

        return null;
    }

    /// <summary>The type below an element: of a backbone the base's own, of a choice the one that the profile leaves.</summary>
    public static TypeSchema? ChildType(ElementModel model, ElementSchema? element)
    {
        if (element is { Types: [{ Type: { Kind: TypeKind.Backbone } backbone }] })
        {
            return backbone;
        }

        if (model.Types is { Count: > 0 } types)
        {
            var codes = types.Select(t => t.Code).Distinct().ToList();
            return codes.Count == 1 ? R4Definitions.Find(codes[0]) : R4Definitions.Find("Element");
        }

        return element is { Types.Count: 1 } ? element.Types[0].Type : null;
    }

    private TypeRule[] Types(ElementModel model, ElementSchema? element)
    {
        // The id of an element is a string to some definitions and an id to others; the parser knows which.
        if (model.Types is not { Count: > 0 } types || model.Path.EndsWith(".id", StringComparison.Ordinal) || element is { Types: [{ Type.Kind: TypeKind.Backbone }] })
        {
            return [];
        }

        var rules = types.GroupBy(type => type.Code).Select(group => new TypeRule(
            group.Key,
            R4Definitions.Find(group.Key),
            [.. group.SelectMany(type => type.Profiles).Distinct()],
            Reference(group, element))).ToArray();
        foreach (var canonical in rules.SelectMany(rule => rule.Profiles))
        {
            if (BaseSnapshots.TypeOf(canonical) is null && profiles.Source.Structure(canonical) is null)
            {
                profile.Problems.Add(new ProfileProblem(Rules.LintProfile, model.Id, $"The profile {canonical} of {model.Id} is not known; what it demands was not checked."));
            }
        }

        var narrower = element is null || rules.Length < element.Types.Count || rules.Any(rule => !element.Types.Any(type => type.Type == rule.Type));
        return narrower || rules.Any(rule => HasMore(rule, element)) ? rules : [];
    }

    private static bool HasMore(TypeRule rule, ElementSchema? element)
    {
        var inBase = element?.Types.FirstOrDefault(type => type.Type == rule.Type);
        return rule.Reference is not null || rule.Profiles.Any(canonical => inBase is null || !inBase.Profiles.Contains(canonical));
    }

    /// <summary>Null when the base demands the same.</summary>
    private static ReferenceRule? Reference(IEnumerable<TypeModel> types, ElementSchema? element)
    {
        var targets = types.SelectMany(type => type.TargetProfiles).Distinct().ToArray();
        var aggregation = types.SelectMany(type => type.Aggregation).Distinct().ToArray();
        var versioning = types.Select(type => type.Versioning).FirstOrDefault(v => v is not null and not "either");
        var inBase = element?.Types.SelectMany(type => type.TargetProfiles) ?? [];
        if (aggregation.Length == 0 && versioning is null && (targets.Length == 0 || targets.ToHashSet().SetEquals(inBase)))
        {
            return null;
        }

        return new ReferenceRule(targets, aggregation, versioning);
    }

    private BindingModel? Binding(ElementModel model, ElementSchema? element)
    {
        if (model.Binding is not { ValueSet: not null, Strength: BindingStrength.Required or BindingStrength.Extensible } binding)
        {
            return model.Binding is { MaxValueSet: not null } limited && limited.MaxValueSet != element?.Binding?.MaxValueSet ? limited : null;
        }

        if (element?.Binding is { } inBase && inBase.Strength == binding.Strength && inBase.MaxValueSet == binding.MaxValueSet
            && ConformanceSource.SplitCanonical(inBase.ValueSet ?? "").Url == ConformanceSource.SplitCanonical(binding.ValueSet).Url)
        {
            return null;
        }

        if (ValueSetLint.WhyNotExpandable(profiles.Source, binding.ValueSet) is { } why)
        {
            profile.Problems.Add(new ProfileProblem(Rules.LintValueSet, model.Id, $"The value set {binding.ValueSet} of {model.Id} does not expand here, so codes may go unchecked: {why}."));
        }

        return binding;
    }

    private InvariantRule[] Invariants(ElementModel model, TypeSchema? type, ElementSchema? element)
    {
        var rules = new List<InvariantRule>();
        foreach (var constraint in model.Constraints)
        {
            if (IsInBase(constraint, type?.Constraints) || IsInBase(constraint, element?.Constraints)
                || (element is not null && element.Types.Any(choice => IsInBase(constraint, choice.Type.Constraints)))
                || constraint.Key is "ele-1" or "ext-1" or "dom-2" or "dom-3" or "dom-4" or "dom-5" or "dom-6")
            {
                continue;
            }

            if (constraint.Expression.Length == 0)
            {
                profile.Problems.Add(new ProfileProblem(Rules.LintInvariant, model.Id, $"The invariant {constraint.Key} of {model.Id} has no FHIRPath expression; it was not checked."));
                continue;
            }

            var rule = InvariantRule.Of(constraint, type);
            if (rule.Misfit is { } misfit)
            {
                profile.Problems.Add(new ProfileProblem(Rules.LintInvariantPath, model.Id, $"The invariant {constraint.Key} of {model.Id} does not fit {type!.Name}: {misfit}"));
            }

            if (rule.Failure is not null)
            {
                profile.Problems.Add(new ProfileProblem(Rules.LintInvariant, model.Id, $"The invariant {constraint.Key} of {model.Id} does not compile and was not checked: {rule.Failure}"));
            }

            rules.Add(rule);
        }

        return [.. rules];
    }

    private static bool IsInBase(Constraint constraint, IReadOnlyList<Constraint>? inBase)
    {
        foreach (var other in inBase ?? [])
        {
            if (other.Key == constraint.Key)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A Quantity as limit of a date is a time before or after now.</summary>
    private RelativeLimit? FromNow(ExpectedValue? limit, bool isMinimum, ElementModel model, ElementSchema? element)
    {
        var types = model.Types?.Select(type => type.Code) ?? element?.Types.Select(type => type.Type.Name) ?? [];
        if (limit is not { TypeName: "Quantity" } || !types.Any(code => code is "date" or "dateTime" or "instant"))
        {
            return null;
        }

        var relative = RelativeLimit.Of(limit, isMinimum);
        if (relative is null && !types.Contains("Quantity"))
        {
            profile.Problems.Add(new ProfileProblem(Rules.LintInvariant, model.Id, $"The limit {limit.Display} of {model.Id} is no duration that can be counted from now; it was not checked."));
        }

        return relative;
    }

    private Regex? Compile(string? pattern, ElementModel model)
    {
        if (pattern is null)
        {
            return null;
        }

        try
        {
            return new Regex("^(?:" + pattern + ")$", RegexOptions.CultureInvariant, RegexLimit);
        }
        catch (ArgumentException)
        {
            profile.Problems.Add(new ProfileProblem(Rules.LintInvariant, model.Id, $"The regular expression of {model.Id} is none that can be used; it was not checked."));
            return null;
        }
    }
}

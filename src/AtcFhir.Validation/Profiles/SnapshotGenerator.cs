using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>
/// Makes the element tree of a profile: from its snapshot where it has one, otherwise its base's tree with the differential applied.
/// <see href="https://hl7.org/fhir/R4/profiling.html#snapshot"/>
/// </summary>
internal sealed class SnapshotGenerator(Func<string, StructureModel?> find)
{
    private const int MaxDerivations = 32;

    /// <summary>Compiling takes time that grows with the square of this; the largest of the published guides have a few thousand.</summary>
    public const int MostElements = 10_000;

    /// <summary>The tree, or null with the reason why there is none. Problems of single elements are told too; the rest of the profile then still works.</summary>
    public ElementNode? Generate(StructureModel structure, List<ProfileProblem> problems) => Generate(structure, problems, 0);

    private ElementNode? Generate(StructureModel structure, List<ProfileProblem> problems, int depth)
    {
        if (Math.Max(structure.Snapshot.Count, structure.Differential.Count) is var count and > MostElements)
        {
            problems.Add(new ProfileProblem(Rules.ProfileUnusable, structure.Type, $"{structure.Url} has {count} elements; no profile needs more than {MostElements}, so it is not used."));
            return null;
        }

        if (structure.Snapshot.Count > 0)
        {
            return ElementNode.FromSnapshot(structure.Snapshot);
        }

        if (depth > MaxDerivations)
        {
            problems.Add(new ProfileProblem(Rules.ProfileUnusable, structure.Type, $"The base definitions of {structure.Url} go in a circle, or are more than {MaxDerivations} deep."));
            return null;
        }

        if (BaseTree(structure, problems, depth) is not { } tree)
        {
            return null;
        }

        new DifferentialApplication(this, structure, problems, depth).Apply(tree);
        return tree;
    }

    private ElementNode? BaseTree(StructureModel structure, List<ProfileProblem> problems, int depth)
    {
        if (structure.BaseDefinition is not { } url)
        {
            problems.Add(new ProfileProblem(Rules.ProfileUnusable, structure.Type, $"{structure.Url} has neither a snapshot nor a baseDefinition."));
            return null;
        }

        if (Tree(url, problems, depth + 1) is not { } tree)
        {
            problems.Add(new ProfileProblem(Rules.ProfileUnusable, structure.Type, $"The base definition {url} of {structure.Url} is not known."));
            return null;
        }

        // A specialisation of its own (a logical model) starts with another root name.
        return tree.Model.Path == structure.Type || structure.IsConstraint ? tree : tree.CopyTo(null, RootName(structure), RootName(structure));
    }

    private static string RootName(StructureModel structure) => structure.Differential.Count > 0 ? structure.Differential[0].Path.Split('.')[0] : structure.Type;

    /// <summary>A fresh tree of a type or profile that may be changed freely.</summary>
    public ElementNode? Tree(string url, List<ProfileProblem> problems, int depth)
    {
        if (url is "http://hl7.org/fhir/StructureDefinition/Base")
        {
            // What logical models of later releases start from: nothing at all.
            return new ElementNode(new ElementModel { Id = "Base", Path = "Base", Min = 0, Max = int.MaxValue }, null);
        }

        if (BaseSnapshots.TypeOf(url) is { } type)
        {
            return BaseSnapshots.Of(type);
        }

        return find(url) is { } structure ? Generate(structure, problems, depth) : null;
    }
}

/// <summary>One application of a differential to the tree of its base.</summary>
internal sealed class DifferentialApplication(SnapshotGenerator generator, StructureModel structure, List<ProfileProblem> problems, int depth)
{
    public void Apply(ElementNode root)
    {
        var last = root;
        foreach (var element in structure.Differential)
        {
            if (!element.Path.Contains('.', StringComparison.Ordinal))
            {
                root.Model = Merge(root.Model, element);
                last = root;
                continue;
            }

            var node = HasSliceSteps(element) ? FindById(root, element) : FindByOrder(root, last, element);
            if (node is null)
            {
                problems.Add(new ProfileProblem(Rules.LintPath, element.Id, $"The differential of {structure.Url} has the path {element.Id}, which {root.Model.Path} does not have."));
                continue;
            }

            if (structure.IsConstraint)
            {
                // What a base widens is told of the base.
                problems.AddRange(depth == 0 ? DifferentialLint.Compare(structure, node.Model, element) : []);
            }

            node.Model = Merge(node.Model, element);
            last = node;
        }
    }

    /// <summary>The id tells the slices on the way, provided that it agrees with the path.</summary>
    private static bool HasSliceSteps(ElementModel element)
    {
        var steps = element.Id.Split('.');
        var names = element.Path.Split('.');
        return element.IsIdStated && steps.Length == names.Length && (element.Id.Contains(':', StringComparison.Ordinal) || element.SliceName is null);
    }

    private ElementNode? FindById(ElementNode root, ElementModel element)
    {
        var node = root;
        var steps = element.Id.Split('.');
        for (var i = 1; i < steps.Length && node is not null; i++)
        {
            var colon = steps[i].IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? steps[i] : steps[i][..colon];
            node = Descend(node, name);
            if (node is not null && colon >= 0)
            {
                node = FindOrAddSlice(Unsliced(node), steps[i][(colon + 1)..]);
            }
        }

        return node;
    }

    /// <summary>Without slices in the id: the children of the slice that was spoken of last belong to it.</summary>
    private ElementNode? FindByOrder(ElementNode root, ElementNode last, ElementModel element)
    {
        var names = element.Path.Split('.');
        var chain = new List<ElementNode>();
        for (var node = last; node is not null; node = node.Parent)
        {
            chain.Insert(0, node);
        }

        var at = root;
        for (var i = 1; i < names.Length; i++)
        {
            var isLast = i == names.Length - 1;
            if (!isLast && i < chain.Count && chain[i].Name == names[i] && ReferenceEquals(chain[i].Parent, at))
            {
                at = chain[i];
                continue;
            }

            if (Descend(at, names[i]) is not { } child)
            {
                return null;
            }

            at = child;
        }

        return element.SliceName is { } slice ? FindOrAddSlice(Unsliced(at), slice) : at;
    }

    /// <summary>The child of that name, with the children of the type made when nobody needed them so far.</summary>
    private ElementNode? Descend(ElementNode node, string name)
    {
        if (node.Children.Count == 0)
        {
            Expand(node);
        }

        if (node.Child(name) is { } child)
        {
            return child;
        }

        // "valueQuantity" speaks of the type slice of value[x]; a closed one, unless the profile slices the element itself.
        foreach (var choice in node.Children)
        {
            if (choice.Name.EndsWith("[x]", StringComparison.Ordinal) && name.StartsWith(choice.Name[..^3], StringComparison.Ordinal) && IsTypeName(name[(choice.Name.Length - 3)..]))
            {
                return TypeSlice(choice, name);
            }
        }

        return structure.IsConstraint ? null : AddElement(node, name);
    }

    /// <summary>"Quantity", "DateTime".</summary>
    private static bool IsTypeName(string text)
        => text.Length > 0 && char.IsUpper(text[0]) && (R4Definitions.Find(text) ?? R4Definitions.Find(char.ToLowerInvariant(text[0]) + text[1..])) is not null;

    /// <summary>A type of its own (a logical model) brings elements that its base does not have.</summary>
    private static ElementNode AddElement(ElementNode parent, string name)
    {
        var added = new ElementNode(new ElementModel { Id = parent.Model.Id + "." + name, Path = parent.Model.Path + "." + name, Min = 0, Max = int.MaxValue }, parent);
        parent.Children.Add(added);
        return added;
    }

    private static ElementNode TypeSlice(ElementNode choice, string name)
    {
        var isOurs = choice.Model.Slicing is null;
        choice.Model = choice.Model with { Slicing = choice.Model.Slicing ?? new SlicingModel([new DiscriminatorModel("type", "$this")], false, SlicingRules.Closed) };
        var slice = FindOrAddSlice(choice, name);
        if (isOurs && slice.Model.Types is { Count: 1 } types)
        {
            // Closed to the types that are named; the first name takes the others away.
            choice.Model = choice.Model with { Types = types };
        }

        return slice;
    }

    private static ElementNode Unsliced(ElementNode node)
        => node.Model.SliceName is not null && node.Parent?.Child(node.Name) is { } unsliced ? unsliced : node;

    private static ElementNode FindOrAddSlice(ElementNode unsliced, string name)
    {
        if (unsliced.Slice(name) is { } known)
        {
            return known;
        }

        if (unsliced.Model.Slicing is null && unsliced.Name is "extension" or "modifierExtension")
        {
            unsliced.Model = unsliced.Model with { Slicing = SlicingModel.ByUrl };
        }

        // A reslice starts from the slice that it divides.
        var slash = name.LastIndexOf('/');
        var origin = slash > 0 && unsliced.Slice(name[..slash]) is { } outer ? outer : unsliced;
        var slice = new ElementNode(
            origin.Model with
            {
                Id = unsliced.Model.Id + ":" + name,
                SliceName = name,
                Min = 0,
                Slicing = null,
                Types = TypeOfSlice(unsliced, name) ?? origin.Model.Types,
            },
            unsliced.Parent);
        origin.CopyBelow(slice, withSlices: false);
        unsliced.Slices.Add(slice);
        return slice;
    }

    /// <summary>The slice "valueQuantity" of value[x] is of type Quantity even when the profile does not repeat it.</summary>
    private static List<TypeModel>? TypeOfSlice(ElementNode unsliced, string sliceName)
    {
        if (!unsliced.Name.EndsWith("[x]", StringComparison.Ordinal))
        {
            return null;
        }

        var stem = unsliced.Name[..^3];
        var matching = (unsliced.Model.Types ?? []).Where(type => string.Equals(stem + type.Code, sliceName, StringComparison.OrdinalIgnoreCase)).ToList();
        return matching.Count == 1 ? matching : null;
    }

    private void Expand(ElementNode node)
    {
        if (structure.IsConstraint && node.Model.ContentReference is { } unconstrained && R4Definitions.Find(unconstrained[(unconstrained.IndexOf('#', StringComparison.Ordinal) + 1)..]) is { } repeated)
        {
            // A content reference brings the definition without constraints, whatever the profile demands of the element that it names.
            BaseSnapshots.AddChildren(node, repeated);
            return;
        }

        if (node.Model.ContentReference is { } reference && Referenced(node, reference) is { } target)
        {
            target.CopyBelow(node, withSlices: false);
            return;
        }

        if (node.Model.SliceName is not null && node.Parent?.Child(node.Name) is { Children.Count: > 0 } unsliced && !ReferenceEquals(unsliced, node))
        {
            unsliced.CopyBelow(node, withSlices: false);
            return;
        }

        if (node.Model.Types is { Count: 1 } types)
        {
            if (types[0].Profiles is [var profile] && depth < 16 && generator.Tree(profile, problems, depth + 1) is { } tree)
            {
                tree.CopyBelow(node, withSlices: false);
            }
            else if (R4Definitions.Find(types[0].Code) is { } type)
            {
                BaseSnapshots.AddChildren(node, type);
            }
            else if (depth < 16 && generator.Tree(types[0].Code, problems, depth + 1) is { } logical)
            {
                logical.CopyBelow(node, withSlices: false);
            }
        }
        else if (node.Model.Types is { Count: > 1 } && R4Definitions.Find("Element") is { } element)
        {
            BaseSnapshots.AddChildren(node, element);
        }
    }

    private static ElementNode? Referenced(ElementNode node, string reference)
    {
        var root = node;
        while (root.Parent is not null)
        {
            root = root.Parent;
        }

        var id = reference[(reference.IndexOf('#', StringComparison.Ordinal) + 1)..];
        return root.Flatten().FirstOrDefault(other => other.Model.Id == id || (other.Model.SliceName is null && other.Model.Path == id));
    }

    private static ElementModel Merge(ElementModel inherited, ElementModel stated) => inherited with
    {
        Min = stated.Min ?? inherited.Min,
        Max = stated.Max ?? inherited.Max,
        Types = stated.Types is { Count: > 0 } ? stated.Types : inherited.Types,
        ContentReference = stated.Types is { Count: > 0 } ? null : stated.ContentReference ?? inherited.ContentReference,
        Fixed = stated.Fixed ?? inherited.Fixed,
        Pattern = stated.Pattern ?? inherited.Pattern,
        MinValue = stated.MinValue ?? inherited.MinValue,
        MaxValue = stated.MaxValue ?? inherited.MaxValue,
        MinLength = stated.MinLength ?? inherited.MinLength,
        MaxLength = stated.MaxLength ?? inherited.MaxLength,
        MaxDecimalPlaces = stated.MaxDecimalPlaces ?? inherited.MaxDecimalPlaces,
        Regex = stated.Regex ?? inherited.Regex,
        Binding = Merge(inherited.Binding, stated.Binding),
        Constraints = [.. inherited.Constraints.Where(old => !stated.Constraints.Any(mine => mine.Key == old.Key)), .. stated.Constraints],
        Slicing = Merge(inherited.Slicing, stated.Slicing),
        MustSupport = stated.MustSupport ?? inherited.MustSupport,
        IsModifier = stated.IsModifier ?? inherited.IsModifier,
        MustHaveValue = stated.MustHaveValue || inherited.MustHaveValue,
        NarrativeLanguages = stated.NarrativeLanguages.Count > 0 ? stated.NarrativeLanguages : inherited.NarrativeLanguages,
        ValueAlternatives = stated.ValueAlternatives.Count > 0 ? stated.ValueAlternatives : inherited.ValueAlternatives,
    };

    private static BindingModel? Merge(BindingModel? inherited, BindingModel? stated)
        => stated is null || inherited is null
            ? stated ?? inherited
            : stated with { Strength = stated.IsStrengthStated ? stated.Strength : inherited.Strength, ValueSet = stated.ValueSet ?? inherited.ValueSet, MaxValueSet = stated.MaxValueSet ?? inherited.MaxValueSet };

    private static SlicingModel? Merge(SlicingModel? inherited, SlicingModel? stated)
        => stated is null || inherited is null || stated.Discriminators.Count > 0
            ? stated ?? inherited
            : stated with { Discriminators = inherited.Discriminators };
}

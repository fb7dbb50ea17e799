using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>
/// Follows a discriminator path on the definition of a slice, through type profiles, extensions, choices and the targets of references,
/// to what the slice demands at its end.
/// </summary>
internal static class DiscriminatorResolution
{
    /// <summary>A place in a definition, and what a fixed or pattern value further up demands of it.</summary>
    private readonly record struct Place(ElementNode? Node, Constant[] Inherited, bool InheritedIsFixed, string[] Profiles, TypeSchema? Type);

    public static Criterion? Resolve(CompiledProfiles profiles, ElementNode slice, string kind, DiscriminatorPath path)
    {
        List<Place> places = [new Place(slice, [], false, [], null)];
        foreach (var step in path.Steps)
        {
            places = [.. places.SelectMany(place => Follow(profiles, place, step))];
        }

        return kind switch
        {
            "value" or "pattern" => ByValue(places, path),
            "exists" => ByExistence(places, path),
            "type" => ByType(places, path),
            "profile" => ByProfile(places, path),
            _ => null,
        };
    }

    private static IEnumerable<Place> Follow(CompiledProfiles profiles, Place place, DiscriminatorStep step) => step.Kind switch
    {
        StepKind.Child => Child(profiles, place, step.Argument),
        StepKind.Extension => Extension(profiles, place, step.Argument),
        StepKind.Resolve => Target(profiles, place),
        _ => OfType(place, step.Argument),
    };

    private static IEnumerable<Place> Child(CompiledProfiles profiles, Place place, string name)
    {
        var inherited = Demands(place, out var isFixed).SelectMany(constant => constant.At(name)).ToArray();
        var found = false;
        foreach (var node in Nodes(profiles, place))
        {
            if ((node.Child(name) ?? node.Child(name + "[x]") ?? RenamedChoice(node, name)) is not { } child)
            {
                continue;
            }

            found = true;
            yield return new Place(child, inherited, isFixed, [], null);

            // Inside a slice the element may be sliced again: what its slices demand counts where the element itself demands nothing.
            if (inherited.Length == 0 && child.Model.Fixed is null && child.Model.Pattern is null)
            {
                foreach (var inner in child.Slices.Where(s => s.Model.Min > 0 || child.Slices.Count == 1))
                {
                    yield return new Place(inner, [], false, [], null);
                }
            }
        }

        if (!found)
        {
            yield return new Place(null, inherited.Length > 0 ? inherited : UrlOfExtension(place, name), isFixed || inherited.Length == 0, [], TypeOfChild(place, name));
        }
    }

    /// <summary>Where the definition of an extension is not known, its canonical still tells the url.</summary>
    private static Constant[] UrlOfExtension(Place place, string name)
        => name == "url" && place.Node?.Model.Types is [{ Code: "Extension", Profiles: [var canonical] }]
            ? [Constant.Of(System.Text.Json.JsonSerializer.SerializeToElement(ConformanceSource.SplitCanonical(canonical).Url), null)]
            : [];

    private static ElementNode? RenamedChoice(ElementNode node, string name)
        => node.Children.FirstOrDefault(child => child.Name.StartsWith(name, StringComparison.Ordinal) && child.Name.Length > name.Length && char.IsUpper(child.Name[name.Length])
            && R4Definitions.Find(char.ToLowerInvariant(child.Name[name.Length]) + child.Name[(name.Length + 1)..]) is not null);

    private static TypeSchema? TypeOfChild(Place place, string name)
    {
        var type = place.Type ?? (place.Node?.Model.Types is [var only] ? R4Definitions.Find(only.Code) : null);
        return type?.Find(name) is { Types: [var single] } ? single.Type : null;
    }

    /// <summary>The definition itself where it has children, otherwise the roots of the profiles of its type.</summary>
    private static IEnumerable<ElementNode> Nodes(CompiledProfiles profiles, Place place)
    {
        if (place.Node is { Children.Count: > 0 } node)
        {
            yield return node;
        }

        foreach (var canonical in place.Profiles.Concat(place.Node?.Model.Types?.SelectMany(type => type.Profiles) ?? []))
        {
            if (profiles.Tree(canonical) is { } tree)
            {
                yield return tree;
            }
        }
    }

    private static Constant[] Demands(Place place, out bool isFixed)
    {
        if (place.Node?.Model.Fixed is { } fixedValue)
        {
            isFixed = true;
            return [Constant.Of(fixedValue)];
        }

        if (place.Node?.Model.Pattern is { } pattern)
        {
            isFixed = false;
            return [Constant.Of(pattern)];
        }

        isFixed = place.InheritedIsFixed;
        return place.Inherited;
    }

    private static IEnumerable<Place> Extension(CompiledProfiles profiles, Place place, string url)
    {
        var named = false;
        foreach (var node in Nodes(profiles, place))
        {
            foreach (var slice in node.Child("extension")?.Slices ?? [])
            {
                var isNamed = slice.Model.Types is { } types && types.Any(type => type.Profiles.Any(canonical => ConformanceSource.SplitCanonical(canonical).Url == url));
                if (isNamed || slice.Child("url")?.Model.Fixed?.Json is { ValueKind: JsonValueKind.String } stated && stated.ValueEquals(url))
                {
                    named = true;
                    yield return new Place(slice, [], false, [url], null);
                }
            }
        }

        if (!named)
        {
            yield return new Place(null, [], false, [url], R4Definitions.Find("Extension"));
        }
    }

    private static IEnumerable<Place> Target(CompiledProfiles profiles, Place place)
    {
        var targets = place.Node?.Model.Types?.SelectMany(type => type.TargetProfiles).Distinct().ToArray() ?? [];
        foreach (var target in targets)
        {
            yield return new Place(null, [], false, [target], BaseSnapshots.TypeOf(target) ?? TypeOfProfile(profiles, target));
        }
    }

    private static TypeSchema? TypeOfProfile(CompiledProfiles profiles, string canonical)
        => profiles.Source.Structure(canonical) is { } structure ? R4Definitions.Find(structure.Type) : null;

    private static IEnumerable<Place> OfType(Place place, string type)
    {
        if (place.Node is not { } node)
        {
            yield return place with { Type = R4Definitions.Find(type) };
            yield break;
        }

        var slice = node.Slices.FirstOrDefault(s => s.Model.Types is [var only] && only.Code == type);
        yield return new Place(slice ?? node, place.Inherited, place.InheritedIsFixed, [], R4Definitions.Find(type));
    }

    private static Criterion? ByValue(List<Place> places, DiscriminatorPath path)
    {
        var constants = new List<Constant>();
        var isFixed = true;
        foreach (var place in places)
        {
            var demanded = Demands(place, out var fixedHere);
            constants.AddRange(demanded);
            isFixed &= fixedHere;
        }

        if (constants.Count > 0)
        {
            return new Criterion { Kind = isFixed ? CriterionKind.Value : CriterionKind.Pattern, Path = path, Constants = [.. constants] };
        }

        var valueSets = places.Select(place => place.Node?.Model.Binding).Where(b => b is { Strength: BindingStrength.Required, ValueSet: not null }).Select(b => b!.ValueSet!).Distinct().ToArray();
        if (valueSets.Length > 0)
        {
            return new Criterion { Kind = CriterionKind.ValueSet, Path = path, Canonicals = valueSets };
        }

        // A discriminator by value at something that may only be there, or not be there.
        return ByAbsence(places, path) ?? (path.Steps.Length == 0 ? ByProfile(places, path) : null);
    }

    private static Criterion? ByAbsence(List<Place> places, DiscriminatorPath path)
        => places.Count > 0 && places.TrueForAll(place => place.Node?.Model.Max == 0) ? new Criterion { Kind = CriterionKind.NotExists, Path = path } : null;

    private static Criterion? ByExistence(List<Place> places, DiscriminatorPath path)
    {
        foreach (var place in places)
        {
            if (place.Node?.Model.Max == 0)
            {
                return new Criterion { Kind = CriterionKind.NotExists, Path = path };
            }

            if (place.Node?.Model.Min > 0)
            {
                return new Criterion { Kind = CriterionKind.Exists, Path = path };
            }
        }

        return null;
    }

    private static Criterion? ByType(List<Place> places, DiscriminatorPath path)
    {
        var types = new List<TypeSchema>();
        foreach (var place in places)
        {
            if (TypesOfSlices(place.Node) is { Count: > 0 } ofSlices)
            {
                types.AddRange(ofSlices);
            }
            else if (place.Node?.Model.Types is { Count: > 0 } stated)
            {
                types.AddRange(stated.Select(type => R4Definitions.Find(type.Code)).OfType<TypeSchema>());
            }
            else if (place.Type is not null)
            {
                types.Add(place.Type);
            }
            else if (place.Node is { Parent: null } root && R4Definitions.Find(root.Model.Path) is { } rootType)
            {
                types.Add(rootType);
            }
        }

        return types.Count > 0 && !types.Exists(type => type.Name is "Resource" or "Element") ? new Criterion { Kind = CriterionKind.Type, Path = path, Types = [.. types.Distinct()] } : null;
    }

    /// <summary>A choice that is sliced by type and closed, or where a slice is demanded, has the types of its slices.</summary>
    private static List<TypeSchema> TypesOfSlices(ElementNode? node)
    {
        if (node is null || node.Slices.Count == 0)
        {
            return [];
        }

        var demanded = node.Slices.Where(slice => slice.Model.Min > 0).ToList();
        var counted = demanded.Count > 0 ? demanded : node.Model.Slicing is { Rules: SlicingRules.Closed } ? node.Slices : [];
        return [.. counted.SelectMany(slice => slice.Model.Types ?? []).Select(type => R4Definitions.Find(type.Code)).OfType<TypeSchema>()];
    }

    private static Criterion? ByProfile(List<Place> places, DiscriminatorPath path)
    {
        var canonicals = places.SelectMany(place => place.Profiles.Concat(place.Node?.Model.Types?.SelectMany(type => type.Profiles) ?? [])).Distinct().ToArray();
        return canonicals.Length > 0 ? new Criterion { Kind = CriterionKind.Profile, Path = path, Canonicals = canonicals } : null;
    }
}

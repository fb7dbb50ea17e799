using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>Does a StructureDefinition make sense: its paths, its base, and the snapshot that they give. <see href="https://hl7.org/fhir/R4/profiling.html"/></summary>
internal static class StructureDefinitionCheck
{
    public static void Check(Run run, Node definition)
    {
        if (StructureReader.Read(definition.JsonSpan.ToArray()) is not { } structure)
        {
            return;
        }

        var problems = 0;
        CheckRoots(run, definition, structure, ref problems);
        SnapshotTypeCheck.Check(run, definition, structure);
        if (structure.IsExtension)
        {
            CheckExtensionUrl(run, definition, structure);
        }

        if (structure.Kind == "logical")
        {
            CheckLogicalType(run, definition, structure);
        }

        // The lint of the profile says the same, and more.
        var isLinted = run.Request.LintProfiles && definition.Element is null && structure.IsConstraint;
        if (problems > 0 || isLinted || structure.Differential.Count == 0 || structure.BaseDefinition is null)
        {
            return;
        }

        if (!run.Validator.IsKnown(structure.BaseDefinition))
        {
            run.Findings.Add(Rules.MetaProfileNotKnown, definition.Child("baseDefinition"), $"The base definition {structure.BaseDefinition} is not known here; the differential was not checked.");
            return;
        }

        var found = new List<ProfileProblem>();
        new SnapshotGenerator(run.Validator.Source.Structure).Generate(structure with { Snapshot = [] }, found);
        var elements = found.Count == 0 ? [] : ProfileLint.ElementsById(definition);
        foreach (var problem in found)
        {
            run.Findings.Add(Rules.ProfileDefinition, ProfileLint.Place(elements, problem, definition), problem.Text);
        }
    }

    private static void CheckRoots(Run run, Node definition, StructureModel structure, ref int problems)
    {
        foreach (var element in definition.Child("differential").ChildrenOf("element"))
        {
            if (element.Child("path").Text is not { } path)
            {
                continue;
            }

            CheckTypeProfiles(run, element);
            CheckValues(run, element, path);
            var isRoot = !path.Contains('.', StringComparison.Ordinal);
            if (path.Contains("..", StringComparison.Ordinal) || path.StartsWith('.') || path.EndsWith('.'))
            {
                problems++;
                run.Findings.Add(Rules.ProfileDefinition, definition, $"The path '{path}' of the differential lacks a name between its dots.", position: element);
            }
            else if (path.Split('.')[0] != LastName(structure.Type))
            {
                problems++;
                run.Findings.Add(Rules.ProfileDefinition, element, $"The path '{path}' does not start with the type {LastName(structure.Type)}.");
            }
            else if (isRoot && structure.IsConstraint && element.Child("slicing").Exists)
            {
                problems++;
                run.Findings.Add(Rules.ProfileDefinition, element, "The root of a profile cannot be sliced.");
            }
        }
    }

    /// <summary>
    /// A fixed value, a pattern and a limit have one of the types of their element; the limit of a date may be a Duration, from now.
    /// <see href="https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_"/>
    /// </summary>
    private static void CheckValues(Run run, Node element, string path)
    {
        foreach (var (name, words) in ((string, string)[])[("fixed", "fixed value"), ("pattern", "pattern value"), ("minValue", "minimum"), ("maxValue", "maximum")])
        {
            if (element.Child(name) is { Exists: true } value && TypesOf(element, path) is { Count: > 0 } types && !types.Exists(type => Fits(type, value.Type, isLimit: name.EndsWith("Value", StringComparison.Ordinal))))
            {
                run.Findings.Add(Rules.ProfileDefinition, value, $"The {words} is a {value.Type.Name}; the element is of type {string.Join(" or ", types.Select(type => type.Name))}.");
            }
        }
    }

    private static bool Fits(TypeSchema type, TypeSchema value, bool isLimit)
        => type == value || (isLimit && (type.Is(value) || (value.Name == "Quantity" && type.Name is "date" or "dateTime" or "instant")));

    /// <summary>Those that it states, else those of R4; empty where one is not known, and may be anything.</summary>
    private static List<TypeSchema> TypesOf(Node element, string path)
    {
        if (element.Child("type").Exists)
        {
            var stated = element.ChildrenOf("type").ToList().Select(type => R4Definitions.Find(type.Child("code").Text ?? "")).ToList();
            return stated.Contains(null) ? [] : stated.OfType<TypeSchema>().ToList();
        }

        var names = path.Split('.');
        List<TypeSchema> types = R4Definitions.Find(names[0]) is { } root ? [root] : [];
        foreach (var name in names.Skip(1))
        {
            types = types is [var only] && only.Find(name.Replace("[x]", "", StringComparison.Ordinal)) is { } child ? [.. child.Types.Select(allowed => allowed.Type)] : [];
        }

        return types;
    }

    /// <summary>A profile of an element's type is a profile of that type.</summary>
    private static void CheckTypeProfiles(Run run, Node element)
    {
        foreach (var type in element.ChildrenOf("type"))
        {
            if (type.Child("code").Text is not { } code)
            {
                continue;
            }

            var isUnknown = R4Definitions.Find(code) is null && !ReferenceIndex.IsAbsolute(code);
            foreach (var named in type.ChildrenOf("profile"))
            {
                if (named.Text is not { } canonical)
                {
                    continue;
                }

                if (!isUnknown)
                {
                    CheckTypeProfile(run, named, canonical, code);
                }
                else if (run.Validator.IsKnown(canonical))
                {
                    run.Findings.Add(Rules.ProfileDefinition, type, $"The element has the type {code}, which R4 does not have; no profile is for it.", position: named);
                    break;
                }
            }
        }
    }

    private static void CheckTypeProfile(Run run, Node named, string canonical, string code)
    {
        if ((BaseSnapshots.TypeOf(canonical)?.Name ?? run.Validator.Source.Structure(canonical)?.Type) is { } profiled
            && R4Definitions.Find(profiled) is { } found && R4Definitions.Find(code) is { } expected && !found.Is(expected) && !expected.Is(found))
        {
            run.Findings.Add(Rules.ProfileDefinition, named, $"The profile {canonical} is for {profiled}, but the element is of type {code}.");
        }
        else if (BaseSnapshots.TypeOf(canonical) is { } other && other.Name != code && code != "Resource")
        {
            run.Findings.Add(Rules.ProfileDefinition, named, $"The profile {canonical} is for {other.Name}, but the element is of type {code}.");
        }
    }

    /// <summary>The url that an extension has in instances is that of its definition. <see href="https://hl7.org/fhir/R4/extensibility-definitions.html#Extension.url"/></summary>
    private static void CheckExtensionUrl(Run run, Node definition, StructureModel structure)
    {
        foreach (var list in new[] { definition.Child("differential"), definition.Child("snapshot") })
        {
            foreach (var element in list.ChildrenOf("element"))
            {
                if (element.Child("path").TextEquals("Extension.url"u8) && element.Child("fixed").Text is { } url && url != structure.Url)
                {
                    run.Findings.Add(Rules.ProfileDefinition, element, $"Extension.url is fixed to {url}, but the definition has the url {structure.Url}; an extension is found by the url of its definition.");
                    return;
                }
            }
        }
    }

    /// <summary>The root path of a logical model is the last part of its type.</summary>
    private static string LastName(string type) => type[(type.LastIndexOf('/') + 1)..];

    private static void CheckLogicalType(Run run, Node definition, StructureModel structure)
    {
        if (structure.IsConstraint || structure.Url.StartsWith("http://hl7.org/fhir/StructureDefinition/", StringComparison.Ordinal))
        {
            return;
        }

        if (!ReferenceIndex.IsAbsolute(structure.Type) && R4Definitions.Find(structure.Type) is null)
        {
            run.Findings.Add(Rules.ProfileDefinition, definition.Child("type"), $"The type {structure.Type} is none of FHIR; a type of one's own has a URL.");
        }

        if (structure.BaseDefinition == structure.Type)
        {
            run.Findings.Add(Rules.ProfileDefinition, definition, $"The type {structure.Type} is that of the base definition; a new type has a name of its own.");
        }
    }
}

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
            CheckFixed(run, element);
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

    /// <summary>A fixed value or a pattern has one of the types of its element. <see href="https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_"/></summary>
    private static void CheckFixed(Run run, Node element)
    {
        var types = element.ChildrenOf("type").ToList().Select(type => type.Child("code").Text).OfType<string>().ToList();
        foreach (var name in (string[])["fixed", "pattern"])
        {
            if (element.Child(name) is { Exists: true } value && types.Count > 0 && types.TrueForAll(type => R4Definitions.Find(type) is { } known && known != value.Type))
            {
                run.Findings.Add(Rules.ProfileDefinition, value, $"The {name} value is a {value.Type.Name}; the element is of type {string.Join(" or ", types)}.");
            }
        }
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

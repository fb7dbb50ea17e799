using System.Collections.Concurrent;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>Extensions: is the definition known, may it stand here, and does it conform. <see href="https://hl7.org/fhir/R4/extensibility.html"/></summary>
internal static class ExtensionCheck
{
    private static readonly int UrlOrdinal = R4Definitions.Find("Extension")!.Find("url")!.Ordinal;
    private static readonly ExtensionContext ElementDefinitionType = new("element", "ElementDefinition.type");

    private const int KnownAtMost = 1000;
    private static readonly ConcurrentDictionary<string, ContextExpression> Known = new(StringComparer.Ordinal);

    public static void Check(Run run, Node extension)
    {
        if (extension.Child(UrlOrdinal) is not { HasValue: true } named)
        {
            return;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        var url = named.Chars(buffer);

        var parent = extension.Parent;
        var isNested = parent.Type.Name == "Extension";
        if (!ReferenceIndex.IsAbsolute(url))
        {
            if (!isNested)
            {
                run.Findings.Add(Rules.ExtensionUrl, extension, "The url of an extension is absolute.");
            }

            return;
        }

        var asModifier = extension.Element is { Name: "modifierExtension" };
        var found = run.Profiles.Find(named);
        if (found is not { Root: not null, Structure: { Type: "Extension" } structure } profile)
        {
            if ((found?.Structure.Type ?? BaseSnapshots.TypeOf(url.ToString())?.Name) is { } other && other != "Extension")
            {
                run.Findings.Add(Rules.ExtensionUrl, extension, $"{url} defines {other}, no extension.");
            }
            else if (CrossVersionExtension.IsModifier(url) is { } isModifier)
            {
                ReportPlace(run, extension, url, isModifier, asModifier);
            }
            else
            {
                ReportUnknown(run, extension, url, asModifier);
            }

            return;
        }

        ReportPlace(run, extension, url, profile.IsModifierExtension, asModifier);

        if (structure.Contexts.Count > 0 && !Allows(run, structure, parent))
        {
            run.Findings.Add(
                Rules.ExtensionContext,
                parent,
                $"The extension {url} may not stand here; its definition allows {string.Join(", ", structure.Contexts.Select(c => c.Kind == "element" ? c.Expression : $"{c.Kind} {c.Expression}"))}.",
                structure.Canonical,
                position: extension);
        }

        for (var i = 0; i < structure.ContextInvariants.Count; i++)
        {
            CheckContextInvariant(run, extension, structure, structure.ContextInvariants[i]);
        }

        run.Check(extension, profile);
    }

    private static void ReportPlace(Run run, Node extension, ReadOnlySpan<char> url, bool isModifier, bool asModifier)
    {
        if (isModifier && !asModifier)
        {
            run.Findings.Add(Rules.ModifierAsExtension, extension, $"{url} is a modifier extension; it stands in modifierExtension.");
        }
        else if (!isModifier && asModifier)
        {
            run.Findings.Add(Rules.ExtensionAsModifier, extension, $"{url} is no modifier extension; it stands in extension.");
        }
    }

    private static void ReportUnknown(Run run, Node extension, ReadOnlySpan<char> url, bool asModifier)
    {
        // What HL7 itself adds may be newer than the definitions here.
        var isStandard = url.StartsWith("http://hl7.org/fhir/StructureDefinition/", StringComparison.Ordinal) || url.StartsWith("http://hl7.org/fhir/5.0/", StringComparison.Ordinal);
        IssueSeverity? severity = run.Request.KnownExtensionsOnly && !isStandard ? IssueSeverity.Error : null;
        if (asModifier)
        {
            run.Findings.Add(Rules.UnknownModifierExtension, extension, $"The definition of the modifier extension {url} is not known; what it changes here cannot be told.", severity: severity);
        }
        else
        {
            run.Findings.Add(Rules.UnknownExtension, extension, $"The definition of the extension {url} is not known; its content was not checked.", severity: severity);
        }
    }

    private static bool Allows(Run run, StructureModel structure, Node parent)
    {
        for (var i = 0; i < structure.Contexts.Count; i++)
        {
            var context = structure.Contexts[i];
            var allowed = context.Kind switch
            {
                "extension" => parent.Type.Name == "Extension" && HasUrl(parent, context.Expression),
                "fhirpath" => Selects(run, context.Expression, parent),
                _ => IsElement(context, parent),
            };
            if (allowed)
            {
                return true;
            }
        }

        // Erratum: the published definitions carry these two on ElementDefinition.type, as does each snapshot made from them.
        return structure.Url is "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type" or "http://hl7.org/fhir/StructureDefinition/regex"
            && IsElement(ElementDefinitionType, parent);
    }

    private static bool HasUrl(Node extension, string url)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        return extension.Child(UrlOrdinal).Chars(buffer).SequenceEqual(url);
    }

    /// <summary>"Patient", "Patient.contact", "Element", "HumanName.family", "Observation.value[x]".</summary>
    private static bool IsElement(ExtensionContext context, Node parent)
    {
        var path = context.Path;
        for (var type = parent.Type; type is not null; type = type.Base)
        {
            if (type.Name == path)
            {
                return true;
            }
        }

        // "Element" is written for "anywhere", resources included.
        if (path is "Element" or "Base")
        {
            return true;
        }

        if (path is "CanonicalResource" or "MetadataResource")
        {
            return parent.IsResource && parent.Type.Find("url") is not null && parent.Type.Find("status") is not null;
        }

        // Upwards as far as the path has steps: a type may be named at any point, such as CodeableConcept.coding or Patient.name.family.
        return EndsAt(parent, context.Steps, context.Steps.Length - 1);
    }

    private static bool EndsAt(Node node, string[] steps, int at)
    {
        if (at == 0)
        {
            for (var type = node.Type; type is not null; type = type.Base)
            {
                if (type.Name == steps[0])
                {
                    return true;
                }
            }

            return false;
        }

        if (node.Element is not { } element || !node.Parent.Exists)
        {
            return false;
        }

        // A recursive backbone (Questionnaire.item.item) has the path of its definition.
        if (node.Type.Kind == TypeKind.Backbone && IsPath(node.Type.Name, steps.AsSpan(0, at + 1)))
        {
            return true;
        }

        var name = steps[at];
        var sameName = element.Name == name || (element.IsChoice && (name == element.Name + "[x]" || element.JsonNames.Contains(name)));
        return sameName && EndsAt(node.Parent, steps, at - 1);
    }

    /// <summary>Are these the steps of the path?</summary>
    private static bool IsPath(ReadOnlySpan<char> path, ReadOnlySpan<string> steps)
    {
        foreach (var step in steps)
        {
            if (!path.StartsWith(step) || (path.Length > step.Length && path[step.Length] != '.'))
            {
                return false;
            }

            path = path[Math.Min(path.Length, step.Length + 1)..];
        }

        return path.IsEmpty;
    }

    /// <summary>Contexts are written in definitions, so there are few.</summary>
    private static Result<FhirPathExpression> Compiled(string expression)
    {
        if (!Known.TryGetValue(expression, out var compiled))
        {
            compiled = new ContextExpression(FhirPathExpression.Compile(expression, null, FhirPathUse.Definition));
            if (Known.Count < KnownAtMost)
            {
                Known[expression] = compiled;
            }
        }

        return compiled.Compiled;
    }

    private static bool Selects(Run run, string expression, Node parent)
    {
        if (!Compiled(expression).TryGet(out var compiled, out _))
        {
            return true;
        }

        for (var resource = parent.Resource; resource.Exists; resource = resource.Parent.Exists ? resource.Parent.Resource : default)
        {
            if (!compiled.TryEvaluate(resource, run.FhirPath).TryGet(out var selected, out _))
            {
                return true;
            }

            foreach (var item in selected.Span)
            {
                if (item.IsNode && item.Node == parent)
                {
                    return true;
                }
            }

            // A condition instead of a path: it holds of the resource as a whole.
            if (selected.Count == 1 && !selected[0].IsNode && compiled.TryPredicate(resource, run.FhirPath) is { Succeeded: true, Value: true })
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckContextInvariant(Run run, Node extension, StructureModel structure, string expression)
    {
        if (!Compiled(expression).TryGet(out var compiled, out var failure))
        {
            run.Findings.Add(Rules.InvariantNotChecked, extension, $"The context invariant of {structure.Url} does not compile: {failure.Issues[0].Text}");
        }
        else if (compiled.TryPredicate(extension.Parent, run.FhirPathWithExtension(extension)) is { Succeeded: true, Value: false })
        {
            run.Findings.Add(Rules.ExtensionContext, extension.Parent, $"The extension {structure.Url} may not stand here: its context invariant does not hold.", expression, position: extension);
        }
    }

    /// <summary>A class, since tables of it come compiled and need not wait for the JIT at the start of the command.</summary>
    private sealed record ContextExpression(Result<FhirPathExpression> Compiled);
}

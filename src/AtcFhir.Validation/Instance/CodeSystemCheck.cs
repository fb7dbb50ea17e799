using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>A CodeSystem keeps to its own statements. <see href="https://hl7.org/fhir/R4/codesystem-definitions.html"/></summary>
internal static class CodeSystemCheck
{
    /// <summary>Properties that need no declaration. <see href="https://hl7.org/fhir/R4/codesystem-concept-properties.html"/></summary>
    private static readonly string[] DefinedProperties = ["inactive", "deprecated", "notSelectable", "parent", "child"];

    public static void Check(Run run, Node system)
    {
        var count = Count(system);
        var content = system.Child("content").Text;
        if (content == "complete" && int.TryParse(system.Child("count").Text, NumberStyles.None, CultureInfo.InvariantCulture, out var stated) && stated != count)
        {
            run.Findings.Add(Rules.CodeSystemDefinition, system.Child("count"), $"The content is complete, and count says {stated} concepts; there are {count}.");
        }

        if (content == "not-present" && system.Child("concept") is { Exists: true } concept)
        {
            run.Findings.Add(Rules.CodeSystemDefinition, concept, "The content is not present by its own statement, but here are concepts.");
        }

        if (content == "supplement" && !system.Child("supplements").Exists)
        {
            run.Findings.Add(Rules.CodeSystemDefinition, system, "A supplement names the code system that it supplements.");
        }

        var properties = new Properties(run, content == "complete");
        properties.Declare(system);
        properties.Check(system);
        CheckValueSet(run, system);
    }

    /// <summary>"The definition of the value set SHALL include all codes from this code system and only codes from this code system."</summary>
    private static void CheckValueSet(Run run, Node system)
    {
        if (system.Child("valueSet") is not { Text: { } canonical } stated || system.Child("url").Text is not { } url || run.Terminology.ValueSet(canonical) is not { Problem: null } all)
        {
            return;
        }

        var includes = all.Includes.Select(include => include.System).OfType<string>().ToList();
        if (includes.Find(other => other != url) is { } foreign)
        {
            run.Findings.Add(Rules.CodeSystemDefinition, stated, $"The value set {canonical} is said to hold the codes of this code system and no others; it includes codes of {foreign}.");
        }
        else if (!all.MentionsSystem(url))
        {
            run.Findings.Add(Rules.CodeSystemDefinition, stated, $"The value set {canonical} is said to hold all codes of this code system; it includes none of it.");
        }
    }

    private static int Count(Node parent)
    {
        var count = 0;
        foreach (var concept in parent.ChildrenOf("concept"))
        {
            count += 1 + Count(concept);
        }

        return count;
    }

    /// <summary>The properties of the concepts are those that the system declares.</summary>
    private sealed class Properties(Run run, bool isComplete)
    {
        private readonly Dictionary<string, string> types = new(StringComparer.Ordinal);
        private readonly HashSet<string> codes = new(StringComparer.Ordinal);

        public void Declare(Node system)
        {
            foreach (var property in system.ChildrenOf("property"))
            {
                if (property.Child("code").Text is { } code)
                {
                    types.TryAdd(code, property.Child("type").Text ?? "");
                }
            }

            Collect(system);
        }

        private void Collect(Node parent)
        {
            foreach (var concept in parent.ChildrenOf("concept"))
            {
                if (concept.Child("code").Text is { } code)
                {
                    codes.Add(code);
                }

                Collect(concept);
            }
        }

        public void Check(Node parent)
        {
            foreach (var concept in parent.ChildrenOf("concept"))
            {
                foreach (var property in concept.ChildrenOf("property"))
                {
                    CheckProperty(property);
                }

                Check(concept);
            }
        }

        private void CheckProperty(Node property)
        {
            var value = property.Child("value");
            if (property.Child("code").Text is not { } name)
            {
                return;
            }

            if (!types.TryGetValue(name, out var type))
            {
                if (!DefinedProperties.Contains(name))
                {
                    run.Findings.Add(Rules.CodeSystemDefinition, property.Child("code"), $"The code system declares no property '{name}'.");
                }
            }
            else if (value.Exists && type.Length > 0 && value.Type.Name != type)
            {
                run.Findings.Add(Rules.CodeSystemDefinition, value, $"The property '{name}' is declared as {type}; the value is a {value.Type.Name}.");
            }
            else if (isComplete && type == "code" && value.Text is { } code && !codes.Contains(code))
            {
                run.Findings.Add(Rules.CodeSystemDefinition, value, $"The property '{name}' names the concept '{code}', which the code system does not have.");
            }
        }
    }
}

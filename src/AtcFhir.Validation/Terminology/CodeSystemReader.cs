using System.Text.Json;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>Reads a CodeSystem resource: concepts flat, with the hierarchy by nesting and by properties.</summary>
internal static class CodeSystemReader
{
    /// <summary>Null when it is no CodeSystem, or one without a url.</summary>
    public static CodeSystemModel? Read(JsonElement root)
    {
        if (root.Text("resourceType") != "CodeSystem" || root.Text("url") is not { } url)
        {
            return null;
        }

        var content = root.Text("content") switch
        {
            "complete" => CodeSystemContent.Complete,
            "fragment" => CodeSystemContent.Fragment,
            "example" => CodeSystemContent.Example,
            "supplement" => CodeSystemContent.Supplement,
            _ => CodeSystemContent.NotPresent,
        };
        var concepts = new List<ConceptModel>();
        ReadConcepts(root, null, concepts);
        return new CodeSystemModel(url, root.Text("version"), content, root.Flag("caseSensitive") ?? true, WithChildProperties(concepts))
        {
            Name = root.Text("title") ?? root.Text("name"),
            Supplements = root.Text("supplements"),
            Declared = root.Items("property").Concat(root.Items("filter")).Select(declared => declared.Text("code")).Concat(concepts.SelectMany(concept => concept.Properties).Select(used => used.Code)).OfType<string>().ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>A designation of a CodeSystem or of a ValueSet's compose.</summary>
    public static Designation? Designation(JsonElement item) => item.Text("value") is { } value
        ? new Designation(item.Text("language"), item.TryGetProperty("use", out var use) && use.Text("code") is { } code ? new ConceptCoding(use.Text("system"), use.Text("version"), code, use.Text("display")) : null, value)
        : null;

    private static void ReadConcepts(JsonElement parent, string? parentCode, List<ConceptModel> concepts)
    {
        foreach (var concept in parent.Items("concept"))
        {
            if (concept.Text("code") is not { } code)
            {
                continue;
            }

            var parents = new List<string>();
            if (parentCode is not null)
            {
                parents.Add(parentCode);
            }

            var properties = concept.Items("property").Select(Property).OfType<ConceptProperty>().ToList();
            parents.AddRange(properties.Where(property => property.Code is "parent" or "subsumedBy" && !parents.Contains(property.Value)).Select(property => property.Value));
            concepts.Add(new ConceptModel(code, concept.Text("display"), parents, properties, [.. concept.Items("designation").Select(Designation).OfType<Designation>()])
            {
                Definition = concept.Text("definition"),
            });
            ReadConcepts(concept, code, concepts);
        }
    }

    /// <summary>Some systems name the children of a concept instead of nesting them.</summary>
    private static List<ConceptModel> WithChildProperties(List<ConceptModel> concepts)
    {
        var above = concepts.SelectMany(concept => concept.Properties.Where(property => property.Code == "child").Select(property => (Child: property.Value, Parent: concept.Code)))
            .ToLookup(pair => pair.Child, pair => pair.Parent, StringComparer.Ordinal);
        return above.Count == 0 ? concepts : [.. concepts.Select(concept => concept with { Parents = [.. concept.Parents.Union(above[concept.Code])] })];
    }

    private static ConceptProperty? Property(JsonElement property)
    {
        if (property.Text("code") is not { } name)
        {
            return null;
        }

        foreach (var member in property.EnumerateObject())
        {
            if (member.Name.StartsWith("value", StringComparison.Ordinal) && member.Name.Length > 5)
            {
                var type = member.Name == "valueCoding" ? "Coding" : char.ToLowerInvariant(member.Name[5]) + member.Name[6..];
                return member.Value.ValueKind switch
                {
                    JsonValueKind.String => new ConceptProperty(name, type, member.Value.GetString()!),
                    JsonValueKind.Object => new ConceptProperty(name, type, member.Value.Text("code") ?? "", member.Value.Text("system"), member.Value.Text("display")),
                    _ => new ConceptProperty(name, type, member.Value.GetRawText()),
                };
            }
        }

        return null;
    }
}

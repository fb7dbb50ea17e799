using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Sync.Keys;

namespace AtcFhir.Sync.Border;

/// <summary>What a hospital resource says about itself, read before anything is believed.</summary>
/// <param name="Name">By what it is known.</param>
/// <param name="Version">The hospital's version id, opaque.</param>
/// <param name="Faults">Structure faults, without those that are tolerated on the way in; and what may change the meaning of all that is mapped.</param>
internal sealed record Envelope(ResourceDocument Document, HospitalName Name, string? Version, IReadOnlyList<Issue> Faults)
{
    /// <summary>Some hospitals' ids are longer than the 64 characters of R4; they do not travel further than the key store, so they may.</summary>
    public const string LongIdTolerance = "ATC-B001";

    private const string UnknownModifier = "ATC-B002";

    public static Envelope Open(string hospital, ResourceDocument document)
    {
        var root = document.Root;
        var type = document.ResourceType;
        var key = document.Id is { Length: > 0 } id ? new HospitalKey(hospital, type, id) : null;
        return new Envelope(document, new HospitalName(key, NaturalKey(hospital, document)), document.VersionId, [.. document.Issues.Where(issue => issue.IsError && !IsLongId(issue, document)), .. Modifiers(root)]);
    }

    /// <summary>The same when the id came beside the resource, such as in the URL of an update.</summary>
    public Envelope Known(HospitalKey key) => this with { Name = Name with { Key = key } };

    /// <summary>Business identifier with code and time: what stays the same when a resource comes once without and once with an id.</summary>
    private static HospitalKey? NaturalKey(string hospital, ResourceDocument document)
    {
        var identifier = document.Root.Child("identifier");
        if (identifier.Child("value").Text is not { Length: > 0 } value)
        {
            return null;
        }

        var coding = document.Root.Child("code").Child("coding");
        var time = document.Root.Child("effective") is { IsPrimitive: true } effective ? effective.Text : document.Root.Child("authored").Text;
        return new HospitalKey(hospital, document.ResourceType, string.Join('\n', identifier.Child("system").Text, value, coding.Child("system").Text, coding.Child("code").Text, time));
    }

    /// <summary>
    /// Modifier extensions and implicit rules, of which none is known here. They may turn what an element says into its opposite, so that it must not be
    /// processed as if they were not there. <see href="https://hl7.org/fhir/R4/extensibility.html#modifierExtension"/>
    /// </summary>
    private static IEnumerable<Issue> Modifiers(Node node)
    {
        foreach (var child in node.Children.ToList())
        {
            if (child.Name is "modifierExtension" or "implicitRules")
            {
                yield return Issue.Error(IssueCode.NotSupported, $"What {child.Name} changes here is not known; a person has to read it.") with { Rule = UnknownModifier, Expression = child.Expression };
                continue;
            }

            foreach (var below in Modifiers(child))
            {
                yield return below;
            }
        }
    }

    private static bool IsLongId(Issue issue, ResourceDocument document)
        => issue.Rule == StructureRuleOfFormat && issue.Expression == document.ResourceType + ".id" && document.Id is { Length: > 64 } id && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    private const string StructureRuleOfFormat = "ATC-S020";
}

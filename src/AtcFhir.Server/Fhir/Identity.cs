using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>Rules about logical ids. <see href="https://hl7.org/fhir/R4/resource.html#id"/></summary>
internal static class Identity
{
    /// <summary>Null when the body of an update carries the id of the URL, as it must, and the id is one.</summary>
    public static Failure? Mismatch(ResourceDocument document, string id, Persona persona)
    {
        if (!IsId(id, persona.MaxIdLength))
        {
            return new Failure(FailureKind.Malformed, IssueCode.Value, string.Create(
                CultureInfo.InvariantCulture, $"The id of the URL is not a FHIR id: 1 to {persona.MaxIdLength} letters, digits, hyphens and dots."));
        }

        return document.Id switch
        {
            null => new Failure(FailureKind.Malformed, IssueCode.Required, $"The body of an update needs the id of the URL, {id}."),
            var given when given != id => new Failure(
                FailureKind.Malformed, [Issue.Error(IssueCode.Invalid, "The id of the body is not that of the URL.") with { Expression = document.ResourceType + ".id" }]),
            _ => null,
        };
    }

    public static bool IsId(string text, int maxLength)
        => text.Length > 0 && text.Length <= maxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}

using AtcFhir.R4.Documents;

namespace AtcFhir.Sync.Border;

/// <summary>
/// A hospital takes a resource back by the status entered-in-error, often without the content, which says nothing any more.
/// <see href="https://hl7.org/fhir/R4/lifecycle.html"/>
/// </summary>
internal static class Retraction
{
    private const string EnteredInError = "entered-in-error";

    public static bool Is(ResourceDocument document) => document.Root.Child("status").Text == EnteredInError;

    /// <summary>The trial's resource taken back: all that it said, under the status that says not to believe it.</summary>
    public static ResourceDocument Of(ResourceDocument stored)
    {
        var plain = stored.WithIdentity(null, null, null);
        return plain.Replace([(plain.Root.Child("status"), $"\"{EnteredInError}\"")]);
    }
}

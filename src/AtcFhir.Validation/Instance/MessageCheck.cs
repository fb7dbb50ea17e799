using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// What a message is about, and the details of a response, are in the message. That a MessageHeader comes first is said by an invariant.
/// <see href="https://hl7.org/fhir/R4/messageheader-definitions.html#MessageHeader.focus"/>
/// </summary>
internal static class MessageCheck
{
    public static void Check(Run run, Node header)
    {
        foreach (var focus in header.ChildrenOf("focus"))
        {
            CheckIsInside(run, focus, "The message does not hold the resource that it is about.");
        }

        if (header.Child("response").Child("details") is { Exists: true } details)
        {
            CheckIsInside(run, details, "The message does not hold the details of its response.");
        }
    }

    /// <summary>Under whatever full URL: R4 asks that it is in the message, and an official example knows it by its type and id.</summary>
    private static void CheckIsInside(Run run, Node reference, string what)
    {
        if (reference.Child("reference").Text is { } text && !text.StartsWith('#')
            && run.References.InBundle(text, reference).Count == 0 && run.References.ByTypeAndId(text).Count == 0)
        {
            run.Findings.Add(Rules.ReferenceNotInBundle, reference, what);
        }
    }
}

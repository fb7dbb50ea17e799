using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// What a message is about, and the details of a response, are in the message. That a MessageHeader comes first is said by an invariant.
/// <see href="https://hl7.org/fhir/R4/messaging.html"/>, <see href="https://hl7.org/fhir/R4/messageheader-definitions.html#MessageHeader.focus"/>
/// </summary>
internal static class MessageCheck
{
    public static void Check(Run run, Node header)
    {
        if (!header.Child("id").Exists)
        {
            run.Findings.Add(Rules.MessageId, header, "The header of the message has no id, which a response has to name.");
        }

        foreach (var focus in header.ChildrenOf("focus"))
        {
            CheckIsInside(run, focus, "The message does not hold the resource that it is about.");
        }

        if (header.Child("response").Child("details") is { Exists: true } details)
        {
            CheckIsInside(run, details, "The message does not hold the details of its response.");
            CheckCode(run, header.Child("response").Child("code"), details);
        }
    }

    /// <summary>"If any of the issues are errors, the response code SHALL be an error." <see href="https://hl7.org/fhir/R4/messageheader-definitions.html#MessageHeader.response.details"/></summary>
    private static void CheckCode(Run run, Node code, Node details)
    {
        if (!code.TextEquals("ok"u8) || details.Child("reference").Text is not { } text)
        {
            return;
        }

        foreach (var issue in run.References.Resolve(text, details).ChildrenOf("issue"))
        {
            if (issue.Child("severity").Text is "error" or "fatal")
            {
                run.Findings.Add(Rules.ResponseCode, code, "The code of the response is ok, but its details have an issue that is an error.");
                return;
            }
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

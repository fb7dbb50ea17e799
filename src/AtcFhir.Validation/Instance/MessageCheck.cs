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

        CheckSearch(run, header);
        if (header.Child("response").Child("details") is { Exists: true } details)
        {
            CheckIsInside(run, details, "The message does not hold the details of its response.");
            CheckCode(run, header.Child("response").Child("code"), details);
        }
    }

    /// <summary>"If any of the issues are errors, the response code SHALL be an error." <see href="https://hl7.org/fhir/R4/messageheader-definitions.html#MessageHeader.response.details"/></summary>
    private static void CheckCode(Run run, Node code, Node details)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        if (!code.TextEquals("ok"u8) || details.Child("reference").Chars(buffer) is not { IsEmpty: false } text)
        {
            return;
        }

        foreach (var issue in run.References.Resolve(text, details).ChildrenOf("issue"))
        {
            if (issue.Child("severity") is var severity && (severity.TextEquals("error"u8) || severity.TextEquals("fatal"u8)))
            {
                run.Findings.Add(Rules.ResponseCode, code, "The code of the response is ok, but its details have an issue that is an error.");
                return;
            }
        }
    }

    /// <summary>
    /// "If the event type is 'search-type' there SHALL be a parameter 'resourceType'". A response has the same event, and no parameters.
    /// <see href="https://hl7.org/fhir/R4/messaging.html#search"/>
    /// </summary>
    private static void CheckSearch(Run run, Node header)
    {
        var search = header.Child("event");
        if (!search.Child("code").TextEquals("search-type"u8) || !search.Child("system").TextEquals("http://hl7.org/fhir/restful-interaction"u8) || header.Child("response").Exists)
        {
            return;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        foreach (var focus in header.ChildrenOf("focus"))
        {
            // What is not in the message is told above.
            if (focus.Child("reference").Chars(buffer) is { IsEmpty: false } text && (run.References.Resolve(text, focus) is not { Exists: true } parameters || NamesAType(parameters)))
            {
                return;
            }
        }

        run.Findings.Add(Rules.SearchMessageType, search, "The message asks for a search of a type, but there is no parameter resourceType that names it.");
    }

    private static bool NamesAType(Node parameters)
    {
        foreach (var parameter in parameters.ChildrenOf("parameter"))
        {
            if (parameter.Child("name").TextEquals("resourceType"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Under whatever full URL: R4 asks that it is in the message, and an official example knows it by its type and id.</summary>
    private static void CheckIsInside(Run run, Node reference, string what)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        if (reference.Child("reference").Chars(buffer) is [not '#', ..] text
            && run.References.InBundle(text, reference).Count == 0 && run.References.ByTypeAndId(text).Count == 0)
        {
            run.Findings.Add(Rules.ReferenceNotInBundle, reference, what);
        }
    }
}

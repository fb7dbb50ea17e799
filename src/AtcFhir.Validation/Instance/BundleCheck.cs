using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>Rules of Bundles beyond their invariants. <see href="https://hl7.org/fhir/R4/bundle.html"/></summary>
internal static class BundleCheck
{
    public static void Check(Run run, Node bundle)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        var type = bundle.Child("type").Chars(buffer);
        var isRequested = type is "transaction" or "batch";
        var needsFullUrl = type is not ("transaction" or "batch" or "transaction-response" or "batch-response");
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            CheckEntry(run, entry, needsFullUrl);
            CheckExchange(run, entry, isRequested);
        }

        if (type is "document" or "message" or "collection")
        {
            CheckLinks(run, bundle, type);
        }

        if (type is "searchset")
        {
            CheckSearchResults(run, bundle);
        }

        // References of a Bundle inside another are not resolved here.
        if (type is "document" or "message" && bundle.Element is null)
        {
            var first = bundle.Child("entry").Child("resource");
            switch (first.Exists ? first.Type.Name : null)
            {
                case "Composition" when type is "document":
                    DocumentCheck.Check(run, bundle, first);
                    break;
                case "MessageHeader" when type is "message":
                    MessageCheck.Check(run, first);
                    break;
            }
        }
    }

    private static void CheckEntry(Run run, Node entry, bool needsFullUrl)
    {
        var resource = entry.Child("resource");
        Span<char> buffer = stackalloc char[NodeText.Usual];
        Span<char> idBuffer = stackalloc char[NodeText.Usual];
        if (entry.Child("fullUrl") is not { HasValue: true } stated)
        {
            if (needsFullUrl && resource.Exists)
            {
                run.Findings.Add(Rules.FullUrlMissing, entry, "The entry has no fullUrl; in a Bundle of this type it is the identity of the resource.");
            }

            return;
        }

        var fullUrl = stated.Chars(buffer);
        if (!ReferenceIndex.IsAbsolute(fullUrl))
        {
            run.Findings.Add(Rules.FullUrlRelative, entry, "The fullUrl is not absolute.", position: entry.Child("fullUrl"));
            return;
        }

        if (!resource.Exists || ReferenceIndex.RestfulRoot(fullUrl) is not (> 0 and var root))
        {
            return;
        }

        var id = resource.Child("id").Chars(idBuffer);
        if (!resource.Child("id").HasValue)
        {
            run.Findings.Add(Rules.FullUrlMismatch, entry, "The fullUrl is that of a RESTful server, but the resource has no id.", position: entry.Child("fullUrl"));
        }
        else if (ReferenceIndex.WithoutVersion(fullUrl)[root..] is var end && !(end.StartsWith(resource.Type.Name) && end[resource.Type.Name.Length..] is ['/', .. var named] && named.SequenceEqual(id)))
        {
            run.Findings.Add(
                Rules.FullUrlMismatch,
                entry,
                $"The fullUrl is that of a RESTful server; then it ends with the type and id of its resource, /{resource.Type.Name}/{id}.",
                position: entry.Child("fullUrl"));
        }
    }

    /// <summary>
    /// What goes over HTTP for the entry: "If the entry method is a 'PUT' or 'POST', then the entry SHALL contain a resource that becomes the body". An operation or a search that is
    /// called by POST may go without one. R4 says the same of a history, but notifications of subscriptions to topics, as HL7 has them for R4, are histories that leave it out.
    /// <see href="https://hl7.org/fhir/R4/bundle.html#transaction"/>
    /// </summary>
    private static void CheckExchange(Run run, Node entry, bool isRequested)
    {
        if (isRequested && entry.Child("request") is { Exists: true } request && !entry.Child("resource").Exists
            && request.Child("method") is var method && (method.TextEquals("PUT"u8) || (method.TextEquals("POST"u8) && !IsCall(request.Child("url")))))
        {
            run.Findings.Add(Rules.EntryResource, entry, $"The request of the entry is a {method.Text}, but there is no resource.");
        }

        if (entry.Child("response").Child("status") is { HasValue: true } status && !BeginsWithCode(status.RawValue))
        {
            run.Findings.Add(Rules.ResponseStatus, status, "The status of a response begins with a code of HTTP, three digits, such as 201 or 404 Not Found.");
        }

        if (entry.Child("search").Child("mode").TextEquals("outcome"u8) && entry.Child("resource") is { Exists: true, Type.Name: not "OperationOutcome" } resource)
        {
            run.Findings.Add(Rules.SearchOutcome, resource, $"The outcome of a search is an OperationOutcome, not a {resource.Type.Name}.");
        }
    }

    private static bool IsCall(Node url) => url.RawValue.Contains((byte)'$') || url.RawValue.IndexOf("_search"u8) >= 0;

    private static bool BeginsWithCode(ReadOnlySpan<byte> status)
        => status.Length >= 3 && !status[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9') && (status.Length == 3 || status[3] is < (byte)'0' or > (byte)'9');

    private static void CheckSearchResults(Run run, Node bundle)
    {
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            if (entry.Child("resource") is { Exists: true } resource && resource.Type.Name != "OperationOutcome" && !resource.Child("id").Exists)
            {
                run.Findings.Add(Rules.SearchResultId, resource, "A resource that a search found has an id.");
            }
        }
    }

    private static void CheckLinks(Run run, Node bundle, ReadOnlySpan<char> type)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        foreach (var link in bundle.ChildrenOf("link"))
        {
            var relation = link.Child("relation");
            if (relation.Chars(buffer) is "first" or "previous" or "next" or "last")
            {
                run.Findings.Add(Rules.LinkRelation, relation, $"The link relation '{relation.Text}' belongs to searches and histories, not to a {type}.");
            }
        }
    }
}

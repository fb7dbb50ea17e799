using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>Rules of Bundles beyond their invariants. <see href="https://hl7.org/fhir/R4/bundle.html"/></summary>
internal static class BundleCheck
{
    public static void Check(Run run, Node bundle)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        var type = bundle.Child("type").Chars(buffer);
        var needsFullUrl = type is not ("transaction" or "batch" or "transaction-response" or "batch-response");
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            CheckEntry(run, entry, needsFullUrl);
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

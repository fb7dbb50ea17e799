using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// What the Composition refers to directly has to be in the document; only what it refers to, directly or not, style sheets and Provenance may be. That a Composition comes first, and that there
/// are identifier and time, is said by the invariants. <see href="https://hl7.org/fhir/R4/documents.html#content"/>
/// </summary>
internal static class DocumentCheck
{
    public static void Check(Run run, Node bundle, Node composition)
    {
        foreach (var reference in DirectReferences(composition))
        {
            CheckIsInside(run, reference);
        }

        foreach (var (entry, refersToIt) in new DocumentGraph(run.References, bundle).Strangers(composition))
        {
            run.Findings.Add(
                Rules.EntryNotReachable,
                entry,
                refersToIt
                    ? "This entry refers to what is in the document, but nothing that starts at the Composition refers to it."
                    : "Nothing that starts at the Composition leads to this entry.");
        }
    }

    /// <summary>The document itself has to answer the reference, with exactly one entry.</summary>
    private static void CheckIsInside(Run run, Node reference)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        if (reference.Child("reference").Chars(buffer) is not [not '#', ..] text)
        {
            return;
        }

        var matches = run.References.InBundle(text, reference);
        if (matches.Count == 0)
        {
            run.Findings.Add(
                Rules.ReferenceNotInBundle,
                reference,
                run.References.ByTypeAndId(text).Count > 0
                    ? "No entry of the document has the full URL that this reference makes with the fullUrl of its entry; resources of that type and id are there under other fullUrls."
                    : "The document does not hold the resource that its Composition refers to.");
        }
        else if (matches.Count > 1)
        {
            run.Findings.Add(Rules.AmbiguousReference, reference, "More than one entry of the document matches this reference.");
        }
    }

    private static IEnumerable<Node> DirectReferences(Node composition)
    {
        foreach (var name in (string[])["subject", "encounter", "author", "custodian"])
        {
            foreach (var reference in composition.ChildrenOf(name))
            {
                yield return reference;
            }
        }

        foreach (var attester in composition.ChildrenOf("attester"))
        {
            if (attester.Child("party") is { Exists: true } party)
            {
                yield return party;
            }
        }

        foreach (var occasion in composition.ChildrenOf("event"))
        {
            foreach (var detail in occasion.ChildrenOf("detail"))
            {
                yield return detail;
            }
        }

        foreach (var reference in composition.ChildrenOf("section").ToList().SelectMany(Section))
        {
            yield return reference;
        }
    }

    private static IEnumerable<Node> Section(Node section)
    {
        foreach (var name in (string[])["author", "focus", "entry"])
        {
            foreach (var reference in section.ChildrenOf(name))
            {
                yield return reference;
            }
        }

        foreach (var inner in section.ChildrenOf("section").ToList().SelectMany(Section))
        {
            yield return inner;
        }
    }
}

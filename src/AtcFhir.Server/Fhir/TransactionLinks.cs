using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// Rewrites the links between the entries of a transaction: what names an entry by its fullUrl (urn:uuid or a URL, also relative to the fullUrl of the entry that
/// says it) becomes Type/id, and a conditional reference becomes the one resource that it matches.
/// <see href="https://hl7.org/fhir/R4/http.html#trules"/>
/// </summary>
internal sealed partial class TransactionLinks
{
    private const string History = "/_history/";

    private static readonly ElementSchema Reference = R4Definitions.Find("Reference")!.Find("reference")!;

    private readonly FhirEndpoint endpoint;
    private readonly string baseUrl;

    private readonly Dictionary<string, string> targetOf = new(StringComparer.Ordinal);
    private readonly HashSet<int> fullUrlLengths = [];
    private readonly bool hasUrls;
    private readonly HashSet<string> created = new(StringComparer.Ordinal);
    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Result<string>> matched = new(StringComparer.Ordinal);
    private readonly HashSet<string> missing = new(StringComparer.Ordinal);

    public TransactionLinks(FhirEndpoint endpoint, string baseUrl, IReadOnlyList<PlannedWrite> writes)
    {
        (this.endpoint, this.baseUrl) = (endpoint, baseUrl);
        foreach (var write in writes.Where(write => write is { Id: not null, Document: not null }))
        {
            var target = $"{write.Type}/{write.Id}";
            written.Add(target);
            if (write is { Kind: WriteKind.Create, Condition: null })
            {
                created.Add(target);
            }

            if (write.Entry.FullUrl is { } fullUrl)
            {
                targetOf[fullUrl] = target;
                fullUrlLengths.Add(Encoding.UTF8.GetByteCount(fullUrl));
                hasUrls |= fullUrl.StartsWith("http", StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Asks the store for all that the entries refer to and do not bring themselves, so that rewriting them needs no more waiting.</summary>
    public async ValueTask LookUp(IReadOnlyList<PlannedWrite> writes, CancellationToken cancel)
    {
        var reads = new Dictionary<string, Task<StoredResource?>>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            foreach (var text in References(write))
            {
                if (ConditionIn(text) is { } question)
                {
                    matched[text] = matched.TryGetValue(text, out var known) ? known : await Matching(text[..question], text[(question + 1)..], writes, cancel);
                }
                else if (LocalOf(text) is { } local && !reads.ContainsKey(local))
                {
                    var slash = local.IndexOf('/', StringComparison.Ordinal);
                    reads[local] = endpoint.Store.Read(local[..slash], local[(slash + 1)..], cancel).AsTask();
                }
            }
        }

        foreach (var (local, read) in reads)
        {
            if (await read is null or { IsDeleted: true })
            {
                missing.Add(local);
            }
        }
    }

    /// <summary>The document with its links rewritten; the very same when there is nothing to rewrite. May be called for several documents at a time.</summary>
    public Result<ResourceDocument> Rewrite(BundleEntry entry, ResourceDocument document)
    {
        List<(Node Node, string Json)>? replacements = null;
        for (var i = 0; i < document.NodeCount; i++)
        {
            var node = document.NodeAt(i);
            if (!MayLink(node) || !MayChange(node) || node.Text is not { } text)
            {
                continue;
            }

            if (!Resolve(entry, node, text).TryGet(out var resolved, out var failure))
            {
                return At(node, failure);
            }

            if (resolved != text)
            {
                (replacements ??= []).Add((node, JsonSerializer.Serialize(resolved, RelaxedJson.Options)));
            }
        }

        return replacements is null ? document : document.Replace(replacements);
    }

    /// <summary>A link that is no reference is one whole fullUrl, or stands in a narrative: most, such as the systems of codings, need not be read.</summary>
    private bool MayChange(Node node)
        => IsReference(node) || (targetOf.Count > 0 && (node.IsEscaped || node.Type.Primitive == PrimitiveKind.Xhtml || fullUrlLengths.Contains(node.RawValue.Length)));

    private static Failure At(Node node, Failure failure) => new(failure.Kind, [.. failure.Issues.Select(issue => issue with { Expression = issue.Expression ?? node.Expression })]);

    private Result<string> Resolve(BundleEntry entry, Node node, string text)
    {
        if (node.Type.Primitive == PrimitiveKind.Xhtml)
        {
            return Narrative(entry, text);
        }

        if (TargetOf(entry, text, IsReference(node)) is { } target)
        {
            return target;
        }

        if (!IsReference(node))
        {
            return text;
        }

        return matched.TryGetValue(text, out var match) ? match
            : IsMissing(text) ? new Failure(FailureKind.Unprocessable, [Issue.Error(IssueCode.NotFound, "The reference leads to no entry and to no resource of this server.")])
            : text;
    }

    /// <summary>The references of a document that the entries do not answer.</summary>
    private IEnumerable<string> References(PlannedWrite write)
    {
        for (var i = 0; i < (write.Document?.NodeCount ?? 0); i++)
        {
            var node = write.Document!.NodeAt(i);
            if (MayLink(node) && IsReference(node) && node.Text is { } text && TargetOf(write.Entry, text, isReference: true) is null)
            {
                yield return text;
            }
        }
    }

    private string? TargetOf(BundleEntry entry, string text, bool isReference)
    {
        if (targetOf.Count == 0)
        {
            return null;
        }

        if (targetOf.TryGetValue(text, out var target) || (isReference && hasUrls && targetOf.TryGetValue(Absolute(entry, text), out target)))
        {
            return target;
        }

        // A reference to a version stays one: the version that a create makes. That of an update is not known yet, and which one the client wrote means nothing.
        return isReference && text.IndexOf(History, StringComparison.Ordinal) is > 0 and var history && TargetOf(entry, text[..history], isReference) is { } resource
            ? created.Contains(resource) ? resource + History + "1" : resource
            : null;
    }

    /// <summary>The one match among what will be there when the transaction is done: conditional references are resolved last. <see href="https://hl7.org/fhir/R4/http.html#trules"/></summary>
    private async ValueTask<Result<string>> Matching(string type, string criteria, IReadOnlyList<PlannedWrite> writes, CancellationToken cancel)
    {
        if (!Condition.Of(endpoint, baseUrl, type, QueryParameters.Parse(criteria)).TryGet(out var condition, out var unclear))
        {
            return unclear;
        }

        var own = writes.Where(write => write.Type == type && write.Id is not null).ToList();
        if (!(await condition.Matches(endpoint, 2 + own.Count, cancel)).TryGet(out var stored, out var failure))
        {
            return failure;
        }

        var matches = stored.ToHashSet(StringComparer.Ordinal);
        foreach (var write in own)
        {
            if (write is { Kind: WriteKind.Create, Condition: not null } && await endpoint.Store.Read(type, write.Id!, cancel) is { IsDeleted: false })
            {
                continue; // a conditional create that finds its resource writes nothing
            }

            matches.Remove(write.Id!);
            if (write.Document is null)
            {
                continue;
            }

            var version = new StoredResource(type, write.Id!, "", endpoint.Time.GetUtcNow(), 0, write.Kind, write.Document.Root.JsonMemory);
            if (!(await endpoint.Store.Matches(condition.Query!, version, cancel)).TryGet(out var isMatch, out failure))
            {
                return failure;
            }

            if (isMatch)
            {
                matches.Add(write.Id!);
            }
        }

        return matches.Count == 1
            ? $"{type}/{matches.First()}"
            : new Failure(FailureKind.Precondition, [Issue.Error(
                matches.Count == 0 ? IssueCode.NotFound : IssueCode.MultipleMatches,
                $"The conditional reference matches {(matches.Count == 0 ? "no resource" : "more than one resource")}.")]);
    }

    /// <summary>
    /// True of a reference into this server, or into this Bundle, that leads nowhere; only where rules are enforced. Outside transactions such references
    /// are taken, since what they lead to may come later.
    /// </summary>
    private bool IsMissing(string reference)
        => endpoint.Validation.Default == ValidationMode.Enforce
            && (reference.StartsWith("urn:uuid:", StringComparison.Ordinal) || reference.StartsWith("urn:oid:", StringComparison.Ordinal)
                || (LocalOf(reference) is { } local && missing.Contains(local)));

    /// <summary>Type/id of a reference to a resource that has to be here and is not written by this transaction; null of any other.</summary>
    private string? LocalOf(string reference)
    {
        if (endpoint.Validation.Default != ValidationMode.Enforce)
        {
            return null;
        }

        var local = reference.StartsWith(baseUrl, StringComparison.Ordinal) && reference.AsSpan(baseUrl.Length) is ['/', ..] ? reference[(baseUrl.Length + 1)..] : reference;
        if (local.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash) || !endpoint.Serves(local[..slash]))
        {
            return null;
        }

        var target = local.IndexOf('/', slash + 1) is > 0 and var end ? local[..end] : local;
        return written.Contains(target) ? null : target;
    }

    private static int? ConditionIn(string reference)
        => reference.IndexOf('?', StringComparison.Ordinal) is > 0 and var question && char.IsAsciiLetterUpper(reference[0]) ? question : null;

    /// <summary>A relative reference, made absolute by the fullUrl of the entry that says it. <see href="https://hl7.org/fhir/R4/bundle.html#references"/></summary>
    private string Absolute(BundleEntry entry, string reference)
    {
        var root = entry.FullUrl is { } url && url.StartsWith("http", StringComparison.Ordinal) && url.Split('/') is { Length: > 4 } parts
            ? string.Join('/', parts[..^2])
            : baseUrl;
        return root + "/" + reference;
    }

    /// <summary>href and src of the narrative.</summary>
    private string Narrative(BundleEntry entry, string div) => targetOf.Count == 0 ? div : Links().Replace(div, link => TargetOf(entry, link.ValueSpan[link.Groups["before"].Length..^1].ToString(), isReference: true) is { } target
        ? link.Groups["before"].Value + target + link.Value[^1]
        : link.Value);

    [GeneratedRegex("""(?<before>\b(?:href|src)\s*=\s*")[^"]*"|(?<before>\b(?:href|src)\s*=\s*')[^']*'""")]
    private static partial Regex Links();

    private static bool IsReference(Node node) => ReferenceEquals(node.Element, Reference);

    /// <summary>Not canonicals, as R4 says. Of uuid and oid it says otherwise, but a value of these types cannot be the place of a resource.</summary>
    private static bool MayLink(Node node) => node.Element is { } element && (node.Type.Primitive switch
    {
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Xhtml => true,
        PrimitiveKind.String => ReferenceEquals(element, Reference),
        _ => false,
    });
}

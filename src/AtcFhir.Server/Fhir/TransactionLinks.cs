using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// Rewrites the links between the entries of a transaction: what names an entry by its fullUrl (urn:uuid or a URL, also relative to the fullUrl of the entry that
/// says it) becomes Type/id, and a conditional reference becomes the one resource that it matches.
/// <see href="https://hl7.org/fhir/R4/http.html#trules"/>
/// </summary>
internal sealed class TransactionLinks
{
    private readonly FhirEndpoint endpoint;
    private readonly string baseUrl;
    private readonly Dictionary<string, string> targetOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> written = new(StringComparer.Ordinal);

    public TransactionLinks(FhirEndpoint endpoint, string baseUrl, IReadOnlyList<PlannedWrite> writes)
    {
        (this.endpoint, this.baseUrl) = (endpoint, baseUrl);
        foreach (var write in writes.Where(write => write is { Id: not null, Document: not null }))
        {
            var target = $"{write.Type}/{write.Id}";
            written.Add(target);
            if (write.Entry.FullUrl is { } fullUrl)
            {
                targetOf[fullUrl] = target;
            }
        }
    }

    public async ValueTask<Result<ResourceDocument>> Rewrite(BundleEntry entry, ResourceDocument document, CancellationToken cancel)
    {
        var replacements = new List<(Node Node, string Json)>();
        for (var i = 0; i < document.NodeCount; i++)
        {
            var node = document.NodeAt(i);
            if (!MayLink(node) || node.Text is not { } text)
            {
                continue;
            }

            var isReference = node.Element!.Path == "Reference.reference";
            if (!(await Resolve(entry, node, text, isReference, cancel)).TryGet(out var resolved, out var failure))
            {
                return failure;
            }

            if (resolved != text)
            {
                replacements.Add((node, JsonSerializer.Serialize(resolved, RelaxedJson.Options)));
            }
        }

        return replacements.Count == 0 ? document : document.Replace(replacements);
    }

    private async ValueTask<Result<string>> Resolve(BundleEntry entry, Node node, string text, bool isReference, CancellationToken cancel)
    {
        if (node.Type.Primitive == PrimitiveKind.Xhtml)
        {
            return Narrative(text);
        }

        if (targetOf.TryGetValue(text, out var target) || (isReference && targetOf.TryGetValue(Absolute(entry, text), out target)))
        {
            return target;
        }

        if (!isReference)
        {
            return text;
        }

        if (text.IndexOf('?', StringComparison.Ordinal) is > 0 and var question && char.IsAsciiLetterUpper(text[0]))
        {
            return await Matching(node, text[..question], text[(question + 1)..], cancel);
        }

        return await Missing(text, cancel)
            ? new Failure(FailureKind.Unprocessable, [Issue.Error(IssueCode.NotFound, "The reference leads to no entry and to no resource of this server.") with { Expression = node.Expression }])
            : text;
    }

    private async ValueTask<Result<string>> Matching(Node node, string type, string criteria, CancellationToken cancel)
    {
        if (!Condition.Of(endpoint, type, QueryParameters.Parse(criteria)).TryGet(out var condition, out var unclear))
        {
            return unclear;
        }

        if (!(await condition.Matches(endpoint, cancel)).TryGet(out var matches, out var failure))
        {
            return failure;
        }

        return matches is [var match]
            ? $"{type}/{match}"
            : new Failure(FailureKind.Precondition, [Issue.Error(
                matches.Count == 0 ? IssueCode.NotFound : IssueCode.MultipleMatches,
                $"The conditional reference matches {(matches.Count == 0 ? "no resource" : "more than one resource")}.") with { Expression = node.Expression }]);
    }

    /// <summary>
    /// True of a reference into this server, or into this Bundle, that leads nowhere; only where rules are enforced. Outside transactions such references
    /// are taken, since what they lead to may come later.
    /// </summary>
    private async ValueTask<bool> Missing(string reference, CancellationToken cancel)
    {
        if (endpoint.Validation.Default != ValidationMode.Enforce)
        {
            return false;
        }

        if (reference.StartsWith("urn:uuid:", StringComparison.Ordinal) || reference.StartsWith("urn:oid:", StringComparison.Ordinal))
        {
            return true;
        }

        var local = reference.StartsWith(baseUrl + "/", StringComparison.Ordinal) ? reference[(baseUrl.Length + 1)..] : reference;
        return local.Split('/') is [var type, var id, ..]
            && endpoint.Serves(type)
            && !written.Contains($"{type}/{id}")
            && await endpoint.Store.Read(type, id, cancel) is null or { IsDeleted: true };
    }

    /// <summary>A relative reference, made absolute by the fullUrl of the entry that says it. <see href="https://hl7.org/fhir/R4/bundle.html#references"/></summary>
    private string Absolute(BundleEntry entry, string reference)
    {
        var root = entry.FullUrl is { } url && url.StartsWith("http", StringComparison.Ordinal) && url.Split('/') is { Length: > 4 } parts
            ? string.Join('/', parts[..^2])
            : baseUrl;
        return root + "/" + reference;
    }

    /// <summary>href and src of the narrative.</summary>
    private string Narrative(string div)
    {
        if (!div.Contains("urn:", StringComparison.Ordinal))
        {
            return div;
        }

        var text = new StringBuilder(div);
        foreach (var (fullUrl, target) in targetOf)
        {
            text.Replace($"\"{fullUrl}\"", $"\"{target}\"").Replace($"'{fullUrl}'", $"'{target}'");
        }

        return text.ToString();
    }

    private static bool MayLink(Node node) => node.Element is { } element && (node.Type.Primitive switch
    {
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical or PrimitiveKind.Oid or PrimitiveKind.Uuid or PrimitiveKind.Xhtml => true,
        PrimitiveKind.String => element.Path == "Reference.reference",
        _ => false,
    });
}

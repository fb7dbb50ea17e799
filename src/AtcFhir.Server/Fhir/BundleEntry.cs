using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>One entry of a batch or transaction, as the request that it stands for. <see href="https://hl7.org/fhir/R4/bundle.html#bundle-interactions"/></summary>
/// <param name="Index">Position in the Bundle.</param>
/// <param name="FullUrl">By which other entries refer to it; null when it has none.</param>
/// <param name="Resource">Its content, or no node.</param>
/// <param name="Path">Segments of request.url below the base.</param>
/// <param name="Request">The request, its route not looked up yet, without a body.</param>
internal sealed record BundleEntry(int Index, string? FullUrl, Node Resource, IReadOnlyList<string> Path, FhirRequest Request)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>"Bundle.entry[3]", for issues.</summary>
    public string Expression => string.Create(CultureInfo.InvariantCulture, $"Bundle.entry[{Index}]");

    /// <summary>The body that the entry stands for: its resource, or the patch that a Binary carries.</summary>
    public ReadOnlyMemory<byte> Content => !Resource.Exists ? ReadOnlyMemory<byte>.Empty
        : IsBinaryPatch ? DataOf(Resource)
        : Resource.JsonSpan.ToArray();

    /// <summary>The Content-Type of <see cref="Content"/>.</summary>
    public string PatchType => IsBinaryPatch ? Resource.Child("contentType").Text ?? "" : "application/fhir+json";

    private bool IsBinaryPatch => Request.Method == "PATCH" && Resource.Exists && Resource.Type.Name == "Binary";

    /// <summary>Nothing when it is no base64, which is then refused as a body that is missing.</summary>
    private static byte[] DataOf(Node binary)
    {
        var text = binary.Child("data").Text ?? "";
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : [];
    }

    /// <summary>An issue about the entry's content, placed in the Bundle.</summary>
    public Issue Placed(Issue issue)
    {
        var inner = issue.Expression;
        var dot = inner?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return issue with { Expression = inner is null ? Expression : Expression + ".resource" + (dot < 0 ? "" : inner[dot..]), Line = null, Column = null };
    }

    /// <summary>All entries; 400 when one of them has no method or URL that could be understood.</summary>
    public static Result<IReadOnlyList<BundleEntry>> ReadAll(ResourceDocument bundle, FhirRequest outer)
    {
        var entries = new List<BundleEntry>();
        var faults = new List<Issue>();
        foreach (var node in bundle.Root.ChildrenOf("entry"))
        {
            var index = entries.Count + faults.Count;
            var request = node.Child("request");
            var (method, url) = (request.Child("method").Text, request.Child("url").Text);
            if (method is null || url is null || !Methods.Contains(method))
            {
                faults.Add(Issue.Error(IssueCode.Required, "An entry needs request.method and request.url.") with
                {
                    Expression = string.Create(CultureInfo.InvariantCulture, $"Bundle.entry[{index}].request"),
                });
                continue;
            }

            entries.Add(Read(index, node, request, method, url, outer));
        }

        return faults.Count == 0 ? entries : new Failure(FailureKind.Malformed, faults);
    }

    private static BundleEntry Read(int index, Node node, Node request, string method, string url, FhirRequest outer)
    {
        if (url.StartsWith(outer.BaseUrl, StringComparison.Ordinal))
        {
            url = url[outer.BaseUrl.Length..];
        }

        var question = url.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (url, "") : (url[..question], url[question..]);
        return new BundleEntry(
            index,
            node.Child("fullUrl").Text,
            node.Child("resource"),
            [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)],
            new FhirRequest
            {
                Method = method == "HEAD" ? "GET" : method,
                IsHead = method == "HEAD",
                Query = QueryParameters.Parse(query),
                BaseUrl = outer.BaseUrl,
                Prefer = outer.Prefer.Return == Return.Unsaid ? outer.Prefer with { Return = Return.Minimal } : outer.Prefer,
                IfMatch = request.Child("ifMatch").Text,
                IfNoneMatch = request.Child("ifNoneMatch").Text,
                IfModifiedSince = HttpDateOf(request.Child("ifModifiedSince").Text),
                IfNoneExist = request.Child("ifNoneExist").Text,
                ContentType = "application/fhir+json",
                RequestId = outer.RequestId,
            });
    }

    /// <summary>An instant in the form of the HTTP header.</summary>
    private static string? HttpDateOf(string? instant)
        => instant is not null && PartialTime.Parse(instant) is { } time ? time.From.ToString("r", CultureInfo.InvariantCulture) : null;
}

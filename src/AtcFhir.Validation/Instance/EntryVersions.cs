using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// The entries of one full URL by their meta.versionId, so that a reference with a version costs the same however many there are. An entry that does not
/// say its version may be any. <see href="https://hl7.org/fhir/R4/bundle.html#references"/>
/// </summary>
internal sealed class EntryVersions
{
    /// <summary>Of each version the first two are kept: enough to tell one from several.</summary>
    private const int Enough = 2;

    private readonly List<Node> withoutVersion = [];
    private readonly Dictionary<string, List<Node>> byVersion = new(StringComparer.Ordinal);

    public EntryVersions(IReadOnlyList<Node> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Child("meta").Child("versionId").Text is not { } version)
            {
                Keep(withoutVersion, entry);
                continue;
            }

            if (!byVersion.TryGetValue(version, out var same))
            {
                byVersion[version] = same = new List<Node>(1);
            }

            Keep(same, entry);
        }
    }

    /// <summary>Those that may have the version, in their order; two at most.</summary>
    public IReadOnlyList<Node> Of(string version)
        => !byVersion.TryGetValue(version, out var same) ? withoutVersion
        : withoutVersion.Count == 0 ? same
        : [.. same.Concat(withoutVersion).OrderBy(entry => entry.Index).Take(Enough)];

    private static void Keep(List<Node> list, Node entry)
    {
        if (list.Count < Enough)
        {
            list.Add(entry);
        }
    }
}

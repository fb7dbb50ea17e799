using System.Buffers;
using System.Text;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Guards;

namespace AtcFhir.Validation.Instance;

/// <summary>A frequent invariant, hand-written: false when the node breaks it.</summary>
/// <param name="Guard">Tells from the children that are there that it holds.</param>
/// <param name="LooksAt">The child whose value it speaks of; null where that is the node.</param>
internal sealed record NativeInvariant(Constraint Constraint, Func<Node, bool> Holds, PresenceGuard? Guard, string? LooksAt);

/// <summary>
/// Invariants that are checked so often that they are written by hand. The key is the exact text of the expression: if the definition said
/// something else, the FHIRPath engine would take over.
/// </summary>
internal static class NativeInvariants
{
    private const string ComputableName = "name.exists() implies name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')";
    private const int LongestName = 255;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    private static readonly Dictionary<string, Func<Node, bool>> ByExpression = new(StringComparer.Ordinal)
    {
        // ext-1: an extension has a value or extensions, not both.
        ["extension.exists() != value.exists()"] = node => node.Child("extension").Exists != node.Child("value").Exists,
        // dom-2, dom-4, dom-5 speak of contained resources; most have none.
        ["contained.contained.empty()"] = node => All(node, contained => !contained.Child("contained").Exists),
        ["contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()"]
            = node => All(node, contained => !contained.Child("meta").Child("versionId").Exists && !contained.Child("meta").Child("lastUpdated").Exists),
        ["contained.meta.security.empty()"] = node => All(node, contained => !contained.Child("meta").Child("security").Exists),
        // qty-3: a code needs a system.
        ["code.empty() or system.exists()"] = node => !node.Child("code").Exists || node.Child("system").Exists,
        // sqty-1.
        ["comparator.empty()"] = node => !node.Child("comparator").Exists,
        // cpt-2 and the like.
        ["value.empty() or system.exists()"] = node => !node.Child("value").Exists || node.Child("system").Exists,
        // att-1: data needs a content type.
        ["data.empty() or contentType.exists()"] = node => !node.Child("data").Exists || node.Child("contentType").Exists,
        // vsd-0, nsd-0 and so on: a name that a computer can use.
        [ComputableName] = HasComputableName,
    };

    /// <summary>Keys that other checks of ours take over: the base walk, references to contained resources, narrative.</summary>
    private static readonly HashSet<string> Elsewhere = new(StringComparer.Ordinal) { "ele-1", "dom-3", "dom-6", "txt-1", "txt-2", "ref-1" };

    /// <summary>True of those that neither the engine nor a native form has to run.</summary>
    public static bool IsElsewhere(Constraint constraint) => Elsewhere.Contains(constraint.Key);

    public static bool Covers(Constraint constraint) => Elsewhere.Contains(constraint.Key) || ByExpression.ContainsKey(constraint.Expression);

    public static NativeInvariant[] Of(TypeSchema type)
        => [.. type.Constraints.Where(c => !Elsewhere.Contains(c.Key) && ByExpression.ContainsKey(c.Expression)).Select(c => new NativeInvariant(c, ByExpression[c.Expression], PresenceGuard.Of(c.Expression, type), c.Expression == ComputableName ? "name" : null))];

    private static bool HasComputableName(Node node)
    {
        var name = node.Child("name");
        return !name.HasValue || IsComputableName(name.IsEscaped ? Encoding.UTF8.GetBytes(name.Text!) : name.RawValue);
    }

    private static bool IsComputableName(ReadOnlySpan<byte> name)
        => name.Length <= LongestName && name is [>= (byte)'A' and <= (byte)'Z', ..] && name.IndexOfAnyExcept(NameBytes) < 0;

    private static bool All(Node node, Func<Node, bool> holds)
    {
        foreach (var contained in node.ChildrenOf("contained"))
        {
            if (!holds(contained))
            {
                return false;
            }
        }

        return true;
    }
}

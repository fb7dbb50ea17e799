using System.Buffers;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Costly or frequent invariants for which a look at the bytes shows in the usual case that they hold. Where it does not, the FHIRPath engine decides, and
/// reports. The key is the exact text of the expression, so a definition that says something else is evaluated.
/// </summary>
internal static class InvariantShortcuts
{
    private static readonly Dictionary<string, Func<Node, bool>> ByExpression = new(StringComparer.Ordinal)
    {
        // bdl-7
        ["(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()"] = FullUrlsDiffer,
        // bdl-3, bdl-4
        ["entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))"]
            = bundle => TypeOf(bundle) is { } type && AllEntries(bundle, "request", type is BundleKind.Request or BundleKind.History),
        ["entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response' or %resource.type = 'history'))"]
            = bundle => TypeOf(bundle) is { } type && AllEntries(bundle, "response", type is BundleKind.Response or BundleKind.History),
        // per-1
        ["start.hasValue().not() or end.hasValue().not() or (start <= end)"] = period => AreInOrder(period, "start", "end"),
        // mdd-1, inv-1
        ["whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared"] = dispense => AreInOrder(dispense, "whenPrepared", "whenHandedOver"),
        ["lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn"] = task => AreInOrder(task, "authoredOn", "lastModified"),
        // obs-7
        ["value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()"] = ComponentCodesDiffer,
        // org-1
        ["(identifier.count() + name.count()) > 0"] = organization => organization.Child("identifier").Exists || organization.Child("name").Exists,
        // vs-1
        ["($this as dateTime).toString().length() >= 8"] = time => time is { HasValue: true, IsEscaped: false, Type.Primitive: PrimitiveKind.DateTime } && time.RawValue.Length >= 8,
        // tim-4, tim-5
        ["duration.exists() implies duration >= 0"] = timing => IsNotNegative(timing.Child("duration")),
        ["period.exists() implies period >= 0"] = timing => IsNotNegative(timing.Child("period")),
        // Profiles of measurements.
        ["value.empty() or value >= 0"] = observation => observation.Child("value") is { Exists: true, Type.Name: "Quantity" } value && IsNotNegative(value.Child("value")),
        // cmd-1
        ["comment.exists() or equivalence.empty() or ((equivalence != 'narrower') and (equivalence != 'inexact'))"]
            = target => target.Child("equivalence") is { HasValue: true, IsEscaped: false } equivalence && !equivalence.TextEquals("narrower"u8) && !equivalence.TextEquals("inexact"u8),
        // que-1
        ["(type='group' implies item.empty().not()) and (type.trace('type')='display' implies item.trace('item').empty())"]
            = item => item.Child("type") is { HasValue: true, IsEscaped: false } type && (item.Child("item").Exists ? !type.TextEquals("display"u8) : !type.TextEquals("group"u8)),
        // que-2
        ["descendants().linkId.isDistinct()"] = LinkIdsDiffer,
        // bdl-8
        ["fullUrl.contains('/_history/').not()"] = entry => entry.Child("fullUrl") is { HasValue: true, IsEscaped: false } url && url.RawValue.IndexOf("/_history/"u8) < 0,
    };

    private const int DateLength = 10;
    private const int SecondsLength = 19;
    private const int FewCodings = 16;

    private const ulong HashStart = 14695981039346656037UL;

    private enum BundleKind
    {
        Other,
        Request,
        Response,
        History,
    }

    /// <summary>True for certain that it holds; null when there is no shortcut.</summary>
    public static Func<Node, bool>? Find(string expression) => ByExpression.GetValueOrDefault(expression);

    /// <summary>Texts of one length with the same fraction and time zone, if any, are in the order of their characters.</summary>
    private static bool AreInOrder(Node node, string earlier, string later)
    {
        if (node.Child(earlier) is not { HasValue: true, IsEscaped: false } start || node.Child(later) is not { HasValue: true, IsEscaped: false } end)
        {
            return false;
        }

        var from = start.RawValue;
        var to = end.RawValue;
        return from.Length == to.Length && from.SequenceCompareTo(to) <= 0 && (from.Length <= DateLength || (from.Length > SecondsLength && from[SecondsLength..].SequenceEqual(to[SecondsLength..])));
    }

    /// <summary>No code of a component is written like one of the Observation; up to a few of these, which are gone through for each component.</summary>
    private static bool ComponentCodesDiffer(Node observation)
    {
        var codings = observation.Child("code").ChildrenOf("coding");
        if (!observation.IsResource || codings.Count > FewCodings)
        {
            return false;
        }

        foreach (var component in observation.ChildrenOf("component"))
        {
            foreach (var coding in component.Child("code").ChildrenOf("coding"))
            {
                foreach (var other in codings)
                {
                    if (!DifferInCode(coding.Child("code"), other.Child("code")))
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private static bool DifferInCode(Node one, Node other)
        => one is { HasValue: true, IsEscaped: false } && other is { HasValue: true, IsEscaped: false } && !one.RawValue.SequenceEqual(other.RawValue);

    private static BundleKind? TypeOf(Node bundle)
    {
        if (bundle.Child("type") is not { HasValue: true, IsEscaped: false } type)
        {
            return null;
        }

        return type.TextEquals("history"u8) ? BundleKind.History
            : type.TextEquals("batch"u8) || type.TextEquals("transaction"u8) ? BundleKind.Request
            : type.TextEquals("batch-response"u8) || type.TextEquals("transaction-response"u8) ? BundleKind.Response
            : BundleKind.Other;
    }

    private static bool AllEntries(Node bundle, string name, bool exists)
    {
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            if (entry.Child(name).Exists != exists)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNotNegative(Node number) => number.HasValue && number.RawValue[0] != (byte)'-';

    /// <summary>By hashes, as of full URLs. A contained resource may have items of its own.</summary>
    private static bool LinkIdsDiffer(Node questionnaire)
    {
        if (questionnaire.Child("contained").Exists)
        {
            return false;
        }

        var hashes = ArrayPool<ulong>.Shared.Rent(questionnaire.Document.NodeCount);
        try
        {
            var count = 0;
            return CollectLinkIds(questionnaire, hashes, ref count) && AllDiffer(hashes.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(hashes);
        }
    }

    private static bool CollectLinkIds(Node parent, ulong[] hashes, ref int count)
    {
        foreach (var item in parent.ChildrenOf("item"))
        {
            var linkId = item.Child("linkId");
            if (linkId.Exists)
            {
                if (!linkId.HasValue || linkId.IsEscaped)
                {
                    return false;
                }

                hashes[count++] = Hash(linkId.RawValue, HashStart);
            }

            if (!CollectLinkIds(item, hashes, ref count))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AllDiffer(Span<ulong> hashes)
    {
        hashes.Sort();
        for (var i = 1; i < hashes.Length; i++)
        {
            if (hashes[i] == hashes[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>By hashes; two that are equal may be so by chance, so the engine has a look.</summary>
    private static bool FullUrlsDiffer(Node bundle)
    {
        var entries = bundle.ChildrenOf("entry");
        var hashes = ArrayPool<ulong>.Shared.Rent(entries.Count);
        try
        {
            var count = 0;
            foreach (var entry in entries)
            {
                var url = entry.Child("fullUrl");
                if (!url.Exists)
                {
                    continue;
                }

                var version = entry.Child("resource").Child("meta").Child("versionId");
                if (!url.HasValue || url.IsEscaped || version.IsEscaped)
                {
                    return false;
                }

                hashes[count++] = Hash(version.RawValue, Hash(url.RawValue, HashStart));
            }

            return AllDiffer(hashes.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(hashes);
        }
    }

    private static ulong Hash(ReadOnlySpan<byte> text, ulong hash)
    {
        foreach (var b in text)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }
}

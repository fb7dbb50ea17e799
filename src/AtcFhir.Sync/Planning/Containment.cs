using System.Text.Json;

namespace AtcFhir.Sync.Planning;

/// <summary>
/// Whether a server's version still says all that we sent. Servers add (ids, narrative, defaults) and respell (absolute references, 1.0 for 1,
/// another zone for the same instant); what they add is no edit, what they lost or changed is.
/// </summary>
internal static class Containment
{
    public static bool Holds(ReadOnlyMemory<byte> remote, ReadOnlyMemory<byte> sent) => Difference(remote, sent) is null;

    /// <summary>The same for the JSON text of one element.</summary>
    public static bool HoldsJson(ReadOnlySpan<byte> remote, ReadOnlySpan<byte> sent)
    {
        using var theirs = JsonDocument.Parse(remote.ToArray());
        using var ours = JsonDocument.Parse(sent.ToArray());
        return HoldsElement(theirs.RootElement, ours.RootElement);
    }

    /// <summary>The same for one element.</summary>
    public static bool HoldsElement(JsonElement remote, JsonElement sent) => Difference(remote, sent, "") is null;

    /// <summary>The path of the first element of what we sent that the server does not say; null when it says all.</summary>
    public static string? Difference(ReadOnlyMemory<byte> remote, ReadOnlyMemory<byte> sent)
    {
        using var theirs = JsonDocument.Parse(remote);
        using var ours = JsonDocument.Parse(sent);
        return Difference(theirs.RootElement, ours.RootElement, ours.RootElement.TryGetProperty("resourceType", out var type) ? type.GetString()! : "", isResource: true);
    }

    private static string? Difference(JsonElement remote, JsonElement sent, string path, bool isResource = false)
    {
        switch (sent.ValueKind)
        {
            case JsonValueKind.Object:
                if (remote.ValueKind != JsonValueKind.Object)
                {
                    return path;
                }

                foreach (var property in sent.EnumerateObject())
                {
                    if (isResource && property.Name is "id" or "meta" or "text")
                    {
                        continue;
                    }

                    var inner = path + "." + property.Name;
                    if (!remote.TryGetProperty(property.Name, out var theirs))
                    {
                        return inner;
                    }

                    var difference = property.Name == "reference" && property.Value.ValueKind == JsonValueKind.String && theirs.ValueKind == JsonValueKind.String
                        ? IsSameReference(theirs.GetString()!, property.Value.GetString()!) ? null : inner
                        : Difference(theirs, property.Value, inner);
                    if (difference is not null)
                    {
                        return difference;
                    }
                }

                return null;
            case JsonValueKind.Array:
                if (remote.ValueKind != JsonValueKind.Array)
                {
                    return path;
                }

                foreach (var item in sent.EnumerateArray())
                {
                    if (!remote.EnumerateArray().Any(theirs => Difference(theirs, item, path) is null))
                    {
                        return path;
                    }
                }

                return null;
            case JsonValueKind.String:
                return remote.ValueKind == JsonValueKind.String && IsSameText(remote.GetString()!, sent.GetString()!) ? null : path;
            case JsonValueKind.Number:
                return remote.ValueKind == JsonValueKind.Number && (remote.GetRawText() == sent.GetRawText() || (remote.TryGetDecimal(out var a) && sent.TryGetDecimal(out var b) && a == b)) ? null : path;
            default:
                return remote.ValueKind == sent.ValueKind ? null : path;
        }
    }

    private static bool IsSameText(string remote, string sent)
        => remote == sent
            || (sent.Length > 10 && char.IsAsciiDigit(sent[0]) && sent.Contains('T', StringComparison.Ordinal)
                && DateTimeOffset.TryParse(remote, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var theirs)
                && DateTimeOffset.TryParse(sent, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var ours)
                && theirs == ours);

    /// <summary>"Patient/1" may come back as "https://server/base/Patient/1" or with a version.</summary>
    private static bool IsSameReference(string remote, string sent)
    {
        var history = remote.IndexOf("/_history/", StringComparison.Ordinal);
        var plain = history < 0 ? remote : remote[..history];
        return plain == sent || plain.EndsWith("/" + sent, StringComparison.Ordinal);
    }
}

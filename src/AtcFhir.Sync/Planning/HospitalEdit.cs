using System.Buffers;
using System.Text.Json;
using AtcFhir.R4.Canonical;

namespace AtcFhir.Sync.Planning;

/// <summary>
/// What a hospital did to a resource that we wrote there. A server respells what it is given (absolute references, 1.0 for 1) and adds to it; only what
/// says something else than we said is an edit. Pure functions over the JSON of the resource, element by element.
/// </summary>
internal static class HospitalEdit
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>
    /// The hospital's version as we would have spelled it: what it did not touch since <paramref name="before"/> reads as we sent it, what says the same as
    /// ours reads as ours, what it edited reads as it stands there. Elements that are the hospital's alone are left out.
    /// </summary>
    /// <param name="remote">The hospital's version now.</param>
    /// <param name="sent">What we sent when both sides last agreed.</param>
    /// <param name="before">What the hospital made of that.</param>
    /// <param name="ours">What we want to say now.</param>
    public static byte[] InOurSpelling(ReadOnlyMemory<byte> remote, ReadOnlyMemory<byte> sent, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> ours)
    {
        using var there = JsonDocument.Parse(remote);
        using var agreed = JsonDocument.Parse(sent);
        using var was = JsonDocument.Parse(before);
        using var here = JsonDocument.Parse(ours);
        var names = agreed.RootElement.EnumerateObject().Concat(here.RootElement.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal);
        return Write(names.Where(name => name is not ("id" or "meta")), name =>
        {
            var (theirs, sentOnes, then, oursNow) = (Get(there, name), Get(agreed, name), Get(was, name), Get(here, name));
            if (name is "resourceType" or "text" || (sentOnes is not null && AreSame(theirs, then)))
            {
                return sentOnes;
            }

            // Where we have nothing new to say, even an addition is an edit.
            return !AreSame(oursNow, sentOnes) && Says(theirs, oursNow) ? oursNow : theirs;
        });
    }

    /// <summary>What we send, with the elements that the hospital has of its own beside ours: an update replaces the whole resource.</summary>
    public static byte[] WithItsOwn(ReadOnlyMemory<byte> ours, ReadOnlyMemory<byte> sent, ReadOnlyMemory<byte> before)
    {
        if (before.IsEmpty)
        {
            return ours.ToArray();
        }

        using var here = JsonDocument.Parse(ours);
        using var agreed = JsonDocument.Parse(sent);
        using var was = JsonDocument.Parse(before);
        var own = was.RootElement.EnumerateObject().Select(property => property.Name)
            .Where(name => name is not ("id" or "meta" or "text" or "_id") && Get(agreed, name) is null && Get(here, name) is null);
        return Write(here.RootElement.EnumerateObject().Select(property => property.Name).Concat(own), name => Get(here, name) ?? Get(was, name));
    }

    /// <summary>A version with some elements as another version has them.</summary>
    public static byte[] With(ReadOnlyMemory<byte> version, ReadOnlyMemory<byte> other, Func<string, bool> isOther)
    {
        using var one = JsonDocument.Parse(version);
        using var two = JsonDocument.Parse(other);
        var names = one.RootElement.EnumerateObject().Concat(two.RootElement.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal);
        return Write(names, name => Get(isOther(name) ? two : one, name));
    }

    /// <summary>Names of the elements in which two versions differ.</summary>
    public static IReadOnlyList<string> Differing(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right)
    {
        using var one = JsonDocument.Parse(left);
        using var other = JsonDocument.Parse(right);
        return [.. one.RootElement.EnumerateObject().Concat(other.RootElement.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal)
            .Where(name => name is not ("id" or "meta" or "text") && !AreSame(Get(one, name), Get(other, name)))];
    }

    private static byte[] Write(IEnumerable<string> names, Func<string, JsonElement?> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            foreach (var name in names)
            {
                if (value(name) is { } element)
                {
                    json.WritePropertyName(name);
                    element.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static JsonElement? Get(JsonDocument document, string name) => document.RootElement.TryGetProperty(name, out var value) ? value : null;

    private static bool Says(JsonElement? theirs, JsonElement? ours)
        => theirs is { } there && ours is { } here && Containment.HoldsElement(there, here);

    private static bool AreSame(JsonElement? left, JsonElement? right)
        => left is { } a && right is { } b ? CanonicalForm.Of(Raw(a)).AsSpan().SequenceEqual(CanonicalForm.Of(Raw(b))) : left is null && right is null;

    private static byte[] Raw(JsonElement element) => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element).ToArray();
}

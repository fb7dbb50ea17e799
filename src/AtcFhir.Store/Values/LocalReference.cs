using AtcFhir.R4.Definitions;

namespace AtcFhir.Store.Values;

/// <summary>
/// What a literal reference or a reference parameter points to. A resource of this store has type and id; everything else keeps its URL in
/// <see cref="Id"/>, and has a type when the URL ends as that of a resource does. <see href="https://hl7.org/fhir/R4/references.html#literal"/>
/// </summary>
/// <param name="Type">Empty when it is not known.</param>
/// <param name="Version">Version id, or the business version of a canonical; empty without.</param>
internal readonly record struct LocalReference(string Type, string Id, string Version)
{
    private const string History = "/_history/";

    public static LocalReference Of(string reference, Uri? baseUrl)
    {
        var (target, version) = Split(reference, History);
        var relative = WithoutBase(target, baseUrl);
        var slash = relative.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && relative.IndexOf('/', slash + 1) < 0 && IsResourceType(relative.AsSpan(0, slash))
            ? new LocalReference(relative[..slash], relative[(slash + 1)..], version)
            : new LocalReference(TypeOf(relative), relative, version);
    }

    /// <summary><c>http://…|version#fragment</c>; the fragment is left out. <see href="https://hl7.org/fhir/R4/references.html#canonical"/></summary>
    public static LocalReference OfCanonical(string canonical, Uri? baseUrl)
    {
        var (url, version) = Split(Split(canonical, "#").Front, "|");
        return Of(url, baseUrl) with { Version = version };
    }

    public static bool IsResourceType(ReadOnlySpan<char> name)
    {
        Span<byte> utf8 = stackalloc byte[64];
        return name.Length is > 0 and <= 64 && System.Text.Ascii.IsValid(name)
            && R4Definitions.FindResource(utf8[..System.Text.Encoding.ASCII.GetBytes(name, utf8)]) is not null;
    }

    /// <summary>True when the target may be a resource of this store.</summary>
    public bool IsLocal => Type.Length > 0 && !Id.Contains(':', StringComparison.Ordinal);

    /// <summary>"Patient" of https://elsewhere/Patient/1.</summary>
    private static string TypeOf(string url)
    {
        var id = url.LastIndexOf('/');
        var type = id > 0 ? url.LastIndexOf('/', id - 1) : -1;
        return type > 0 && url.Contains(':', StringComparison.Ordinal) && IsResourceType(url.AsSpan(type + 1, id - type - 1)) ? url[(type + 1)..id] : "";
    }

    private static string WithoutBase(string target, Uri? baseUrl)
    {
        if (baseUrl is null)
        {
            return target;
        }

        var prefix = baseUrl.OriginalString.TrimEnd('/');
        return target.Length > prefix.Length + 1 && target[prefix.Length] == '/' && target.StartsWith(prefix, StringComparison.Ordinal) ? target[(prefix.Length + 1)..] : target;
    }

    private static (string Front, string Back) Split(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + mark.Length)..]);
    }
}

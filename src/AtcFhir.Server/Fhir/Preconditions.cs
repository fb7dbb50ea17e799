using AtcFhir.R4.Outcomes;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>If-Match, If-None-Match and If-Modified-Since. <see href="https://hl7.org/fhir/R4/http.html#versioning"/></summary>
internal static class Preconditions
{
    public static string ETagOf(string versionId) => "W/\"" + versionId + "\"";

    /// <summary>What If-Match and If-None-Match of a write demand; nothing without the headers, a failure when they are no entity tags.</summary>
    public static Result<ExpectedVersion> ExpectedVersion(FhirRequest request)
    {
        var (match, noneMatch) = (request.IfMatch?.Trim() ?? "", request.IfNoneMatch?.Trim() ?? "");
        var version = match is "" or "*" ? null : VersionOf(match);
        if (version is null && match is not ("" or "*"))
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, "If-Match has to be one entity tag such as W/\"3\".");
        }

        var others = noneMatch is "" or "*" ? null : noneMatch.Split(',').Select(VersionOf).ToList();
        return others?.Contains(null) == true
            ? new Failure(FailureKind.Malformed, IssueCode.Invalid, "If-None-Match has to be entity tags such as W/\"3\", or *.")
            : new ExpectedVersion(version, match == "*", others?.OfType<string>().ToList(), noneMatch == "*");
    }

    /// <summary>True when the client has this version already: the answer to a read is 304.</summary>
    public static bool IsKnown(FhirRequest request, string versionId, DateTimeOffset lastModified)
    {
        if (request.IfNoneMatch is { } tags)
        {
            return tags.Split(',').Any(tag => tag.Trim() == "*" || VersionOf(tag) == versionId);
        }

        return request.IfModifiedSince is { } since
            && DateTimeOffset.TryParseExact(since, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && lastModified.ToUnixTimeSeconds() <= time.ToUnixTimeSeconds();
    }

    private static string? VersionOf(string tag)
    {
        var text = tag.AsSpan().Trim();
        if (text.StartsWith("W/"))
        {
            text = text[2..];
        }

        if (text.Length > 2 && text[0] == '"' && text[^1] == '"')
        {
            text = text[1..^1];
        }

        return text.IsEmpty || text.ContainsAny('"', ' ', ',') ? null : text.ToString();
    }
}

/// <summary>What a client wants to replace.</summary>
/// <param name="Id">This version; null when any will do.</param>
/// <param name="Any">There has to be one.</param>
/// <param name="Not">None of these.</param>
/// <param name="None">There must not be one.</param>
internal readonly record struct ExpectedVersion(string? Id, bool Any, IReadOnlyList<string>? Not, bool None)
{
    public ResourceWrite Of(ResourceWrite write) => write with { IfMatch = Id is null ? write.IfMatch : [Id], IfMatchAny = Any, IfNoneMatch = Not, IfNoneMatchAny = None };
}

using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>If-Match, If-None-Match and If-Modified-Since. <see href="https://hl7.org/fhir/R4/http.html#versioning"/></summary>
internal static class Preconditions
{
    public static string ETagOf(string versionId) => "W/\"" + versionId + "\"";

    /// <summary>The version that If-Match names; none without the header or with "*", a failure when it is no entity tag.</summary>
    public static Result<ExpectedVersion> ExpectedVersion(string? ifMatch)
    {
        if (string.IsNullOrWhiteSpace(ifMatch) || ifMatch.Trim() == "*")
        {
            return default(ExpectedVersion);
        }

        return VersionOf(ifMatch) is { } version
            ? new ExpectedVersion(version)
            : new Failure(FailureKind.Malformed, IssueCode.Invalid, "If-Match has to be one entity tag such as W/\"3\".");
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

/// <summary>The version that the client wants to replace; null when any will do.</summary>
internal readonly record struct ExpectedVersion(string? Id);

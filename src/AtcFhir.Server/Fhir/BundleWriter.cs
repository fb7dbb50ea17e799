using System.Text.Json;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>Writes Bundles around resources that stay the bytes they are. <see href="https://hl7.org/fhir/R4/bundle.html"/></summary>
internal static class BundleWriter
{
    public static void Start(Utf8JsonWriter writer, string type, DateTimeOffset now, long? total, IReadOnlyList<BundleLink> links)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "Bundle"u8);
        writer.WriteString("type"u8, type);
        writer.WriteString("timestamp"u8, Instant(now));
        if (total is { } count)
        {
            writer.WriteNumber("total"u8, count);
        }

        if (links.Count > 0)
        {
            writer.WriteStartArray("link"u8);
            foreach (var link in links)
            {
                writer.WriteStartObject();
                writer.WriteString("relation"u8, link.Relation);
                writer.WriteString("url"u8, link.Url);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>An entry of a searchset.</summary>
    public static void Match(Utf8JsonWriter writer, FhirRequest request, StoredResource resource, string mode)
    {
        writer.WriteStartObject();
        var fragment = resource.ContainedId is { } contained ? "#" + contained : "";
        writer.WriteString("fullUrl"u8, $"{request.BaseUrl}/{resource.Type}/{resource.Id}{fragment}");
        writer.WritePropertyName("resource"u8);
        writer.WriteRawValue(Projection.Of(resource.Body, request.Presentation).Span, skipInputValidation: true);
        Mode(writer, mode);
        writer.WriteEndObject();
    }

    /// <summary>The entry of a searchset that says what was left out.</summary>
    public static void Outcome(Utf8JsonWriter writer, IReadOnlyList<Issue> issues)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("resource"u8);
        OperationOutcomeJson.Write(writer, issues);
        Mode(writer, "outcome");
        writer.WriteEndObject();
    }

    /// <summary>An entry of a history: the version, and the interaction that made it.</summary>
    public static void Version(Utf8JsonWriter writer, string baseUrl, StoredResource version, Presentation presentation)
    {
        var (method, status) = version.Interaction switch
        {
            WriteKind.Create => ("POST", "201 Created"),
            WriteKind.Update => ("PUT", version.IsCreation ? "201 Created" : "200 OK"),
            _ => ("DELETE", "204 No Content"),
        };
        writer.WriteStartObject();
        writer.WriteString("fullUrl"u8, $"{baseUrl}/{version.Type}/{version.Id}");
        if (!version.IsDeleted)
        {
            writer.WritePropertyName("resource"u8);
            writer.WriteRawValue(Projection.Of(version.Body, presentation).Span, skipInputValidation: true);
        }

        writer.WriteStartObject("request"u8);
        writer.WriteString("method"u8, method);
        writer.WriteString("url"u8, method == "POST" ? version.Type : $"{version.Type}/{version.Id}");
        writer.WriteEndObject();
        writer.WriteStartObject("response"u8);
        writer.WriteString("status"u8, status);
        writer.WriteString("etag"u8, version.ETag);
        writer.WriteString("lastModified"u8, Instant(version.LastUpdated));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>An entry of a batch or transaction response.</summary>
    public static void Response(Utf8JsonWriter writer, FhirResponse answer)
    {
        writer.WriteStartObject();
        if (answer.Succeeded && !answer.IsOutcome && !answer.Body.IsEmpty)
        {
            writer.WritePropertyName("resource"u8);
            writer.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        }

        writer.WriteStartObject("response"u8);
        writer.WriteString("status"u8, string.Create(CultureInfo.InvariantCulture, $"{answer.Status} {ReasonOf(answer.Status)}"));
        if (answer.Location is { } location)
        {
            writer.WriteString("location"u8, location);
        }

        if (answer.VersionId is { } version)
        {
            writer.WriteString("etag"u8, Preconditions.ETagOf(version));
        }

        if (answer.LastModified is { } modified)
        {
            writer.WriteString("lastModified"u8, Instant(modified));
        }

        if (answer.IsOutcome)
        {
            writer.WritePropertyName("outcome"u8);
            writer.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        }
        else if (answer.Issues.Count > 0)
        {
            writer.WritePropertyName("outcome"u8);
            OperationOutcomeJson.Write(writer, answer.Issues);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void Mode(Utf8JsonWriter writer, string mode)
    {
        writer.WriteStartObject("search"u8);
        writer.WriteString("mode"u8, mode);
        writer.WriteEndObject();
    }

    private static string ReasonOf(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}

/// <summary>A link of a Bundle: self, next.</summary>
internal readonly record struct BundleLink(string Relation, string Url);

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;

namespace AtcFhir.Sync.Border;

/// <summary>One FHIR interaction of an EHR at the base <c>/ehr</c>.</summary>
/// <param name="Method">POST or PUT; anything else is answered with 405.</param>
/// <param name="Type">Resource type of the path; empty for a batch or transaction at the base.</param>
/// <param name="Id">Id of the path, of an update: the hospital's own id of the resource.</param>
/// <param name="Body">What was sent, as parsed (from JSON or XML).</param>
/// <param name="TrialBase">Where the trial's FHIR base is, for Location: <c>https://atcfhir.example/fhir</c>.</param>
/// <param name="Actor">Who sends, for the audit row.</param>
/// <param name="RequestId">Correlates answer, log and audit row.</param>
/// <param name="Hospital">Name of the hospital that sends.</param>
public sealed record IntakeRequest(
    string Method,
    string Type,
    string? Id,
    ResourceDocument Body,
    string TrialBase,
    string Actor,
    string RequestId,
    string Hospital);

/// <summary>The answer: status, headers and a resource (an OperationOutcome, or the response Bundle of a batch or transaction), as JSON.</summary>
public sealed record IntakeAnswer(int Status, byte[] Body, string? Location = null, string? ETag = null);

/// <summary>
/// The door for EHRs that send by themselves: create, update, batch and transaction of hospital-shaped resources, the patient named by
/// the hospital's reference or identifier. What comes in takes the same way as what is pulled. It answers no reads.
/// <see href="https://hl7.org/fhir/R4/http.html"/>
/// </summary>
public sealed class Intake
{
    private readonly Crossing crossing;
    private readonly KeyStore keys;
    private readonly SyncOptions options;

    internal Intake(Crossing crossing, KeyStore keys, SyncOptions options) => (this.crossing, this.keys, this.options) = (crossing, keys, options);

    public async Task<IntakeAnswer> HandleAsync(IntakeRequest request, CancellationToken cancel)
    {
        if (request.Method is not ("POST" or "PUT"))
        {
            return Answer(405, Issue.Error(IssueCode.NotSupported, "The intake takes create, update, batch and transaction; read at the trial's FHIR base."));
        }

        if (request.Type.Length > 0)
        {
            var (envelope, refused) = Open(request.Hospital, request.Method, request.Type, request.Id, request.Body);
            return envelope is null ? refused! : await TakeAsync(request, envelope, cancel).ConfigureAwait(false);
        }

        return request.Body.ResourceType != "Bundle" || request.Method != "POST"
            ? Answer(400, Issue.Error(IssueCode.Invalid, "At the base of the intake a Bundle of type batch or transaction is posted."))
            : request.Body.Root.Child("type").Text switch
            {
                "batch" => await BatchAsync(request, cancel).ConfigureAwait(false),
                "transaction" => await TransactionAsync(request, cancel).ConfigureAwait(false),
                _ => Answer(400, Issue.Error(IssueCode.Value, "The Bundle is neither a batch nor a transaction.") with { Expression = "Bundle.type" }),
            };
    }

    private (Envelope? Envelope, IntakeAnswer? Refused) Open(string hospital, string method, string type, string? id, ResourceDocument body)
    {
        if (body.ResourceType != type)
        {
            return (null, Answer(400, Issue.Error(IssueCode.Invalid, $"The resource is of type {body.ResourceType}, the URL of type {type}.")));
        }

        var envelope = Envelope.Open(hospital, body);
        if (method == "PUT")
        {
            return id is null || (body.Id is { } own && own != id)
                ? (null, Answer(400, Issue.Error(IssueCode.Invalid, "The id of the resource is not the one of the URL.") with { Expression = type + ".id" }))
                : (envelope.Known(new HospitalKey(hospital, type, id)), null);
        }

        // Sent without id and identifier: the same content again is the same resource.
        return envelope.Name is { Key: null, NaturalKey: null }
            ? (envelope with { Name = new HospitalName(null, new HospitalKey(hospital, type, "content\n" + keys.Ring.Fingerprint(CanonicalForm.Content(body.Utf8)))) }, null)
            : (envelope, null);
    }

    private async Task<IntakeAnswer> TakeAsync(IntakeRequest request, Envelope envelope, CancellationToken cancel)
    {
        var taken = await crossing.TakeAsync(OriginOf(request), [envelope], static () => [], cancel).ConfigureAwait(false);
        return taken.TryGet(out var results, out var failure) ? AnswerOf(request, results[0]) : Answer(StatusOf(failure), [.. failure.Issues]);
    }

    private async Task<IntakeAnswer> BatchAsync(IntakeRequest request, CancellationToken cancel)
    {
        var answers = new List<IntakeAnswer>();
        foreach (var entry in EntriesOf(request))
        {
            var (envelope, refused) = entry;
            answers.Add(envelope is null ? refused! : await TakeAsync(request, envelope.Envelope, cancel).ConfigureAwait(false));
        }

        return new IntakeAnswer(200, ResponseBundle("batch-response", answers));
    }

    private async Task<IntakeAnswer> TransactionAsync(IntakeRequest request, CancellationToken cancel)
    {
        var envelopes = new List<Envelope>();
        var byUrl = new Dictionary<string, Envelope>(StringComparer.Ordinal);
        var index = 0;
        foreach (var (entry, refused) in EntriesOf(request))
        {
            if (entry is null)
            {
                return Answer(refused!.Status, Issue.Error(IssueCode.Invalid, "An entry of the transaction cannot be taken; nothing was stored.") with { Expression = $"Bundle.entry[{index}]" });
            }

            envelopes.Add(entry.Envelope);
            if (entry.FullUrl is { } url)
            {
                byUrl[url] = entry.Envelope;
            }

            index++;
        }

        var taken = await crossing.TakeAsync(OriginOf(request) with { Entries = byUrl }, envelopes, static () => [], cancel, allOrNothing: true).ConfigureAwait(false);
        return taken.TryGet(out var results, out var failure)
            ? new IntakeAnswer(200, ResponseBundle("transaction-response", [.. results.Select(result => AnswerOf(request, result))]))
            : Answer(StatusOf(failure), [.. failure.Issues]);
    }

    private IEnumerable<(EntryEnvelope? Entry, IntakeAnswer? Refused)> EntriesOf(IntakeRequest request)
    {
        using var bundle = JsonDocument.Parse(request.Body.Utf8);
        if (!bundle.RootElement.TryGetProperty("entry", out var entries) || entries.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var entry in entries.EnumerateArray())
        {
            var fullUrl = TextOf(entry, "fullUrl");
            var (method, url) = entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("request", out var ask) ? (TextOf(ask, "method"), TextOf(ask, "url")) : (null, null);
            if (method is not ("POST" or "PUT") || url is null)
            {
                yield return (null, Answer(method is null ? 400 : 405, Issue.Error(IssueCode.NotSupported, "An entry of the intake is a POST or a PUT of a resource.")));
                continue;
            }

            if (!entry.TryGetProperty("resource", out var resource) || resource.ValueKind != JsonValueKind.Object || !ResourceDocument.Parse(JsonMarshal.GetRawUtf8Value(resource).ToArray()).TryGet(out var body, out _))
            {
                yield return (null, Answer(400, Issue.Error(IssueCode.Structure, "The entry has no readable resource.")));
                continue;
            }

            var parts = url.Split('/');
            var (envelope, refused) = Open(request.Hospital, method, parts[0], parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : null, body);
            yield return envelope is null ? (null, refused) : (new EntryEnvelope(envelope, fullUrl), null);
        }
    }

    private Origin OriginOf(IntakeRequest request) => new(
        request.Hospital, null, null, options.IdentifierSystem, new AuditEntry(request.Actor, "intake", request.RequestId, Hospital: request.Hospital));

    private static IntakeAnswer AnswerOf(IntakeRequest request, CrossingResult result)
    {
        var location = result.Locations.Count == 0 ? null : request.TrialBase + "/" + result.Locations[0] + (result.VersionId is { } version ? "/_history/" + version : "");
        var etag = result.VersionId is { } tag ? $"W/\"{tag}\"" : null;
        return result.Kind switch
        {
            CrossingKind.Created => new(201, OperationOutcomeJson.ToUtf8([Said("Taken over as " + result.Locations[0] + ".")]), location, etag),
            CrossingKind.Updated => new(200, OperationOutcomeJson.ToUtf8([Said("Taken over as " + result.Locations[0] + ".")]), location, etag),
            CrossingKind.Unchanged when location is null => Answer(200, Said("Nothing of it is the trial's to change; nothing was stored.")),
            CrossingKind.Unchanged => new(200, OperationOutcomeJson.ToUtf8([Said("Known in this version; nothing was stored.")]), location, etag),
            CrossingKind.OutOfScope => Answer(200, Said("No value of the trial; it was counted and not stored.")),
            CrossingKind.Quarantined => Answer(202, [Said($"Kept in quarantine for a person to look at: Task/{result.Task}."), .. result.Issues]),
            CrossingKind.NotEnrolled or CrossingKind.NoConsent => Answer(422, [.. result.Issues]),
            _ => Answer(400, [.. result.Issues]),
        };
    }

    private static byte[] ResponseBundle(string type, IReadOnlyList<IntakeAnswer> answers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "Bundle");
            json.WriteString("type", type);
            json.WriteStartArray("entry");
            foreach (var answer in answers)
            {
                json.WriteStartObject();
                json.WriteStartObject("response");
                json.WriteString("status", answer.Status.ToString(CultureInfo.InvariantCulture));
                if (answer.Location is not null)
                {
                    json.WriteString("location", answer.Location);
                }

                if (answer.ETag is not null)
                {
                    json.WriteString("etag", answer.ETag);
                }

                json.WritePropertyName("outcome");
                json.WriteRawValue(answer.Body);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static IntakeAnswer Answer(int status, params IReadOnlyList<Issue> issues) => new(status, OperationOutcomeJson.ToUtf8(issues));

    private static Issue Said(string text) => new(IssueSeverity.Information, IssueCode.Informational, text);

    private static int StatusOf(Failure failure) => failure.Kind switch
    {
        FailureKind.Unprocessable => 422,
        FailureKind.Conflict => 409,
        FailureKind.Busy => 503,
        FailureKind.TooLarge => 413,
        FailureKind.Precondition => 412,
        _ => 400,
    };

    private static string? TextOf(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record EntryEnvelope(Envelope Envelope, string? FullUrl);
}

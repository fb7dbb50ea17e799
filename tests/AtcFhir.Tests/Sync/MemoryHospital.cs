using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtcFhir.Tests.Sync;

/// <summary>One version of a resource of the model.</summary>
internal sealed record HospitalVersion(int Number, DateTimeOffset LastUpdated, DateTimeOffset Committed, JsonObject? Body);

/// <summary>
/// A hospital's FHIR server as a model in memory, behind HttpMessageHandler. It is written apart from the product and shares no code with it.
/// </summary>
internal sealed class MemoryHospital(TimeProvider time, HospitalTraits traits) : HttpMessageHandler
{
    public static readonly Uri BaseUrl = new("http://hospital.test/fhir/");

    private readonly Dictionary<string, List<HospitalVersion>> resources = new(StringComparer.Ordinal);
    private readonly List<(DateTimeOffset At, string Key, JsonObject? Body, DateTimeOffset LastUpdated)> pending = [];
    private int nextId;

    /// <summary>Called before and after each request was carried out; may throw, or give another answer.</summary>
    public Func<HttpRequestMessage, bool, HttpResponseMessage?>? Interfere { get; set; }

    public HospitalTraits Traits { get; set; } = traits;

    public List<string> Requests { get; } = [];

    /// <summary>Versions that requests made, per "Type".</summary>
    public int Writes { get; private set; }

    public DateTimeOffset Clock => Floor(time.GetUtcNow() + Traits.Skew);

    /// <summary>Number of versions of everything: what the _history totals of a real server say.</summary>
    public int HistoryTotal => resources.Values.Sum(versions => versions.Count);

    public IEnumerable<(string Key, JsonObject Body)> Living(string type)
        => resources.Where(pair => pair.Key.StartsWith(type + "/", StringComparison.Ordinal) && pair.Value[^1].Body is not null).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value[^1].Body!));

    public JsonObject? Current(string key) => resources.TryGetValue(key, out var versions) ? versions[^1].Body : null;

    public bool IsLocked(string key) => pending.Any(write => write.Key == key);

    /// <summary>The ward writes; null deletes. With a commit lag it becomes visible later, under the time of now.</summary>
    public void Ward(string json)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        Ward($"{body["resourceType"]}/{body["id"]}", body);
    }

    public void Ward(string key, JsonObject? body, TimeSpan? lag = null)
    {
        var delay = lag ?? Traits.CommitLag;
        if (delay == TimeSpan.Zero)
        {
            Commit(key, body, Clock);
        }
        else
        {
            pending.Add((time.GetUtcNow() + delay, key, body, Clock));
        }
    }

    /// <summary>Takes a resource out without a trace, as a restored backup does.</summary>
    public void Expunge(string key) => resources.Remove(key);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        if (Interfere?.Invoke(request, false) is { } instead)
        {
            return Finish(request, instead);
        }

        Settle();
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var response = Answer(request, body);
        return Finish(request, Interfere?.Invoke(request, true) ?? response);
    }

    private HttpResponseMessage Finish(HttpRequestMessage request, HttpResponseMessage response)
    {
        response.RequestMessage = request;
        response.Headers.Date ??= new DateTimeOffset(Clock.Ticks - (Clock.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        return response;
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, string? body)
    {
        var path = request.RequestUri!.AbsolutePath[BaseUrl.AbsolutePath.Length..].Split('/').Select(Uri.UnescapeDataString).ToArray();
        var (type, id) = (path[0], path.Length > 1 ? path[1] : null);
        return (request.Method.Method, id) switch
        {
            ("GET", null) when type == "metadata" => Traits.HasMetadata ? Json(200, Metadata()) : Outcome(404),
            ("GET", null) => Search(type, request.RequestUri.Query),
            ("GET", { }) when path.Length > 2 => Traits.HasHistory ? Json(200, Bundle("history", [])) : Outcome(404),
            ("GET", { }) => Read(type + "/" + id),
            ("POST", "$validate") => Traits.Serious is { } serious && !body!.Contains($"\"{serious}\"", StringComparison.Ordinal) ? Outcome(200, "AdverseEvent.seriousness") : Outcome(200, null),
            ("POST", null) => Traits.ReadOnlyTypes.Contains(type) ? Outcome(405) : Create(type, body!, request),
            ("PUT", { }) => Traits.ReadOnlyTypes.Contains(type) ? Outcome(405) : Update(type, id, body!, request),
            ("DELETE", { }) => Delete(type + "/" + id),
            _ => Outcome(405),
        };
    }

    private HttpResponseMessage Read(string key)
    {
        if (!resources.TryGetValue(key, out var versions))
        {
            return Outcome(404);
        }

        return versions[^1].Body is null ? Outcome(Traits.DeletedReadsAs) : WithTag(Json(200, Shown(key, versions[^1])), versions[^1]);
    }

    private HttpResponseMessage Search(string type, string query)
    {
        var parameters = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).Select(pair => (Name: Uri.UnescapeDataString(pair[0]), Value: Uri.UnescapeDataString(pair[1].Replace("+", " ", StringComparison.Ordinal)))).ToList();
        IEnumerable<(string Key, HospitalVersion Version)> rows = resources
            .Where(pair => pair.Key.StartsWith(type + "/", StringComparison.Ordinal) && pair.Value[^1].Body is not null)
            .Where(pair => time.GetUtcNow() - pair.Value[^1].Committed >= Traits.IndexLag)
            .Select(pair => (pair.Key, pair.Value[^1]));
        var used = new List<string>();
        foreach (var (name, value) in parameters)
        {
            switch (name)
            {
                case "patient" or "subject" when Traits.IgnoresPatient:
                    continue;
                case "patient" or "subject":
                    rows = rows.Where(row => row.Version.Body![type == "ResearchSubject" ? "individual" : "subject"]?["reference"]?.GetValue<string>().EndsWith(value, StringComparison.Ordinal) == true);
                    break;
                case "identifier" when type == "AdverseEvent":
                    return Outcome(400); // R4 has no such parameter
                case "identifier":
                    rows = rows.Where(row => Identifiers(row.Version.Body!).Contains(value));
                    break;
                case "code":
                    rows = rows.Where(row => row.Version.Body!["code"]?["coding"]?.AsArray().Any(coding => $"{coding!["system"]}|{coding["code"]}" == value) == true);
                    break;
                case "date":
                    rows = rows.Where(row => row.Version.Body!["effectiveDateTime"]?.GetValue<string>().StartsWith(value, StringComparison.Ordinal) == true);
                    break;
                case "category":
                    rows = rows.Where(row => row.Version.Body!["category"]?.ToJsonString().Contains($"\"{value}\"", StringComparison.Ordinal) == true);
                    break;
                case "_lastUpdated" when Traits.HasLastUpdated:
                    var from = DateTimeOffset.Parse(value[2..], CultureInfo.InvariantCulture);
                    rows = rows.Where(row => row.Version.LastUpdated >= from);
                    break;
                case "_lastUpdated":
                    return Outcome(400);
            }

            used.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        var sorted = parameters.Any(parameter => parameter is { Name: "_sort", Value: "_lastUpdated" });
        var list = (sorted ? rows.OrderBy(row => row.Version.LastUpdated).ThenBy(row => row.Key, StringComparer.Ordinal) : rows.OrderBy(row => row.Key, StringComparer.Ordinal)).ToList();
        var count = Math.Min(Traits.MaxPage, parameters.Where(parameter => parameter.Name == "_count").Select(parameter => int.Parse(parameter.Value, CultureInfo.InvariantCulture)).FirstOrDefault(Traits.MaxPage));
        var offset = parameters.Where(parameter => parameter.Name == "_offset").Select(parameter => int.Parse(parameter.Value, CultureInfo.InvariantCulture)).FirstOrDefault();
        var page = list.Skip(offset).Take(count).ToList();
        var bundle = Bundle("searchset", page.Select(row => new JsonObject
        {
            ["fullUrl"] = BaseUrl + row.Key,
            ["resource"] = Shown(row.Key, row.Version),
            ["search"] = new JsonObject { ["mode"] = "match" },
        }));
        var links = new JsonArray { new JsonObject { ["relation"] = "self", ["url"] = $"{BaseUrl}{type}?{string.Join('&', used)}" } };
        if (offset + count < list.Count)
        {
            var rest = parameters.Where(parameter => parameter.Name != "_offset").Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}");
            links.Add(new JsonObject { ["relation"] = "next", ["url"] = $"{BaseUrl}{type}?{string.Join('&', rest)}&_offset={offset + count}" });
        }

        bundle["link"] = links;
        return Json(200, bundle);
    }

    private HttpResponseMessage Create(string type, string body, HttpRequestMessage request)
    {
        if (Traits.HonoursIfNoneExist && request.Headers.TryGetValues("If-None-Exist", out var conditions))
        {
            if (type == "AdverseEvent")
            {
                return Outcome(400);
            }

            var wanted = Uri.UnescapeDataString(conditions.Single()["identifier=".Length..]);
            var found = Living(type).Where(pair => Identifiers(pair.Body).Contains(wanted)).ToList();
            switch (found.Count)
            {
                case > 1:
                    return Outcome(412);
                case 1:
                    return Written(200, found[0].Key);
            }
        }

        var key = $"{type}/h{++nextId}";
        Commit(key, JsonNode.Parse(body)!.AsObject(), Clock);
        Writes++;
        return Written(201, key);
    }

    private HttpResponseMessage Update(string type, string id, string body, HttpRequestMessage request)
    {
        var key = type + "/" + id;
        if (IsLocked(key))
        {
            return Outcome(409);
        }

        if (Traits.NoUpdateTypes.Contains(type))
        {
            return Outcome(405);
        }

        if (!resources.TryGetValue(key, out var versions) || versions[^1].Body is null)
        {
            return Outcome(versions is null ? 404 : 410);
        }

        if (Traits.HonoursIfMatch && request.Headers.TryGetValues("If-Match", out var tags) && tags.Single() != Tag(versions[^1]))
        {
            return Outcome(412);
        }

        Commit(key, JsonNode.Parse(body)!.AsObject(), Clock);
        Writes++;
        return Written(200, key);
    }

    private HttpResponseMessage Delete(string key)
    {
        if (resources.TryGetValue(key, out var versions) && versions[^1].Body is not null)
        {
            Commit(key, null, Clock);
            Writes++;
        }

        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage Written(int status, string key)
    {
        var version = resources[key][^1];
        var response = Traits.EmptyBodies ? new HttpResponseMessage((HttpStatusCode)status) : Json(status, Shown(key, version));
        response.Headers.TryAddWithoutValidation("Location", $"{BaseUrl}{key}/_history/{version.Number}");
        return WithTag(response, version);
    }

    private void Settle()
    {
        foreach (var write in pending.Where(write => write.At <= time.GetUtcNow()).ToList())
        {
            pending.Remove(write);
            Commit(write.Key, write.Body, write.LastUpdated);
        }
    }

    private void Commit(string key, JsonObject? body, DateTimeOffset lastUpdated)
    {
        if (!resources.TryGetValue(key, out var versions))
        {
            resources[key] = versions = [];
        }

        body = body?.DeepClone().AsObject();
        if (body is not null && !Traits.KeepsIdentifiers && !key.StartsWith("Patient/", StringComparison.Ordinal))
        {
            body.Remove("identifier");
        }

        if (body is not null && Traits.Normalises)
        {
            body["text"] = new JsonObject { ["status"] = "generated", ["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\">made by the server</div>" };
            body["language"] = "en";
        }

        versions.Add(new HospitalVersion(versions.Count + 1, lastUpdated, time.GetUtcNow(), body));
    }

    private JsonObject Shown(string key, HospitalVersion version)
    {
        var shown = version.Body!.DeepClone().AsObject();
        shown["id"] = key.Split('/')[1];
        var meta = new JsonObject();
        if (Traits.Versions != "none")
        {
            meta["versionId"] = VersionId(version);
        }

        if (Traits.HasLastUpdated)
        {
            meta["lastUpdated"] = version.LastUpdated.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
        }

        if (meta.Count > 0)
        {
            shown["meta"] = meta;
        }
        else
        {
            shown.Remove("meta");
        }

        return shown;
    }

    private HttpResponseMessage WithTag(HttpResponseMessage response, HospitalVersion version)
    {
        if (Traits.Versions != "none")
        {
            response.Headers.TryAddWithoutValidation("ETag", Tag(version));
        }

        return response;
    }

    private string Tag(HospitalVersion version) => $"W/\"{VersionId(version)}\"";

    private string VersionId(HospitalVersion version)
        => Traits.Versions == "integer" ? version.Number.ToString(CultureInfo.InvariantCulture) : $"v{(version.Number * 7919) % 10007:x}-{version.Committed.Ticks % 997:x}";

    private JsonObject Metadata() => new()
    {
        ["resourceType"] = "CapabilityStatement",
        ["status"] = "active",
        ["date"] = "2018-10-16",
        ["kind"] = "instance",
        ["fhirVersion"] = "4.0.1",
        ["format"] = new JsonArray("json"),
        ["rest"] = new JsonArray(new JsonObject
        {
            ["mode"] = "server",
            ["resource"] = new JsonArray([.. Traits.ReadOnlyTypes.Order(StringComparer.Ordinal).Select(type => (JsonNode)new JsonObject
            {
                ["type"] = type,
                ["interaction"] = new JsonArray(new JsonObject { ["code"] = "read" }, new JsonObject { ["code"] = "search-type" }),
            })]),
        }),
    };

    private static List<string> Identifiers(JsonObject body) => body["identifier"] switch
    {
        JsonArray list => [.. list.Select(identifier => $"{identifier!["system"]}|{identifier["value"]}")],
        JsonObject one => [$"{one["system"]}|{one["value"]}"],
        _ => [],
    };

    private static JsonObject Bundle(string type, IEnumerable<JsonNode> entries) => new() { ["resourceType"] = "Bundle", ["type"] = type, ["entry"] = new JsonArray([.. entries]) };

    private static HttpResponseMessage Outcome(int status, string? error) => Json(status, new JsonObject
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray(new JsonObject { ["severity"] = error is null ? "information" : "error", ["code"] = "code-invalid", ["expression"] = new JsonArray(error ?? "AdverseEvent") }),
    });

    public static HttpResponseMessage Outcome(int status) => Json(status, new JsonObject
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray(new JsonObject { ["severity"] = "error", ["code"] = "processing", ["diagnostics"] = "Jansen, Pieter: 123456782" }),
    });

    public static HttpResponseMessage Json(int status, JsonNode body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body.ToJsonString(new JsonSerializerOptions { WriteIndented = false })) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        return response;
    }

    private DateTimeOffset Floor(DateTimeOffset at) => new(at.Ticks - (at.Ticks % Traits.Granularity.Ticks), TimeSpan.Zero);
}

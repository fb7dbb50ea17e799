using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.EndToEnd.Running;

namespace AtcFhir.EndToEnd.Load;

/// <summary>
/// A client that writes all it can and remembers what it was told: creates, updates, conditional creates, transactions of three, deletes. An answer other than
/// success or "try later" is kept as a fault; no answer, or "try later", leaves a doubt.
/// </summary>
internal sealed class WritingClient(int number, Random random)
{
    private const string System = "urn:load";

    private readonly List<(string Identifier, int Resources)> unsure = [];
    private int serial;

    public List<Known> Resources { get; } = [];

    /// <summary>Identifiers whose resources came or did not, as wholes; emptied by who finds out.</summary>
    public List<(string Identifier, int Resources)> Unsure => unsure;

    /// <summary>What the ids of shared identifiers are, as answered.</summary>
    public List<(string Identifier, string Id)> Shared { get; } = [];

    public List<string> Faults { get; } = [];

    /// <summary>Answers of 503.</summary>
    public int TryLater { get; private set; }

    /// <summary>Writes that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    public static string SearchOf(string identifier) => $"/fhir/Observation?identifier={System}|{identifier}";

    /// <summary>Writes until it is told to stop, or the server is gone.</summary>
    public async Task Write(HttpClient http, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await Step(http))
        {
        }
    }

    private Task<bool> Step(HttpClient http) => random.Next(10) switch
    {
        0 or 1 => Create(http, ifNoneExist: false),
        2 => Create(http, ifNoneExist: true),
        3 => CreateShared(http),
        4 => Transaction(http),
        5 when Living() is { } doomed => Delete(http, doomed),
        _ when Living() is { } known => Update(http, known),
        _ => Create(http, ifNoneExist: false),
    };

    private async Task<bool> Create(HttpClient http, bool ifNoneExist)
    {
        var identifier = NextText();
        unsure.Add((identifier, 1));
        var (isThere, answer, body) = await Send(http, HttpMethod.Post, "/fhir/Observation", Observation(identifier, NextText()), ifNoneExist ? $"identifier={System}|{identifier}" : null);
        if (Succeeded(answer, HttpStatusCode.Created, "create"))
        {
            unsure.RemoveAt(unsure.Count - 1);
            Resources.Add(new Known(IdOf(body!), identifier) { Versions = { body } });
        }

        return isThere;
    }

    /// <summary>All clients create the same few things; each may come to be once.</summary>
    private async Task<bool> CreateShared(HttpClient http)
    {
        var identifier = "shared-" + (serial++ / 7).ToString(CultureInfo.InvariantCulture);
        var (isThere, answer, body) = await Send(http, HttpMethod.Post, "/fhir/Observation", Observation(identifier, "shared"), $"identifier={System}|{identifier}");
        if (answer?.StatusCode == HttpStatusCode.OK || Succeeded(answer, HttpStatusCode.Created, "conditional create"))
        {
            Shared.Add((identifier, IdOf(body!)));
        }

        return isThere;
    }

    private async Task<bool> Transaction(HttpClient http)
    {
        var identifier = NextText();
        unsure.Add((identifier, 3));
        var entry = $$$"""{"resource":{{{Observation(identifier, NextText())}}},"request":{"method":"POST","url":"Observation"}}""";
        var (isThere, answer, body) = await Send(http, HttpMethod.Post, "/fhir", $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{entry}},{{entry}},{{entry}}]}""");
        if (Succeeded(answer, HttpStatusCode.OK, "transaction"))
        {
            unsure.RemoveAt(unsure.Count - 1);
            Resources.AddRange(JsonNode.Parse(body!)!["entry"]!.AsArray().Select(created => new Known(created!["response"]!["location"]!.GetValue<string>().Split('/')[^3], identifier) { Versions = { null } }));
        }

        return isThere;
    }

    private async Task<bool> Update(HttpClient http, Known known)
    {
        (known.Doubt, known.IsTouched) = (NextText(), true);
        var (isThere, answer, body) = await Send(http, HttpMethod.Put, known.Path, Observation(known.Identifier, known.Doubt, known.Id));
        if (Succeeded(answer, HttpStatusCode.OK, "update"))
        {
            Acknowledge(known, body, answer!);
        }

        return isThere;
    }

    private async Task<bool> Delete(HttpClient http, Known known)
    {
        (known.Doubt, known.IsTouched) = ("", true);
        var (isThere, answer, _) = await Send(http, HttpMethod.Delete, known.Path, null);
        if (answer?.StatusCode == HttpStatusCode.OK || Succeeded(answer, HttpStatusCode.NoContent, "delete"))
        {
            Acknowledge(known, null, answer!);
            known.IsDeleted = true;
        }

        return isThere;
    }

    private void Acknowledge(Known known, string? body, HttpResponseMessage answer)
    {
        known.Versions.Add(body);
        known.Doubt = null;
        if (answer.Headers.ETag?.Tag.Trim('"') is { } version && version != known.Versions.Count.ToString(CultureInfo.InvariantCulture))
        {
            Faults.Add($"{known.Path}: version {version} was acknowledged where {known.Versions.Count} comes next");
        }
    }

    /// <summary>True of success; "try later" leaves a doubt, anything else is a fault.</summary>
    private bool Succeeded(HttpResponseMessage? answer, HttpStatusCode expected, string what)
    {
        if (answer?.StatusCode == expected)
        {
            Acknowledged++;
            return true;
        }

        if (answer is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null })
        {
            TryLater++;
        }
        else if (answer is not null)
        {
            Faults.Add($"{what}: {(int)answer.StatusCode}");
        }

        return false;
    }

    /// <returns>Whether the server is there, and its answer when it gave a whole one.</returns>
    private async Task<(bool IsThere, HttpResponseMessage? Answer, string? Body)> Send(HttpClient http, HttpMethod method, string path, string? json, string? ifNoneExist = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Prefer", "return=representation");
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/fhir+json");
        }

        if (ifNoneExist is not null)
        {
            request.Headers.Add("If-None-Exist", ifNoneExist);
        }

        try
        {
            var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && !body.StartsWith("""{"resourceType":"OperationOutcome""", StringComparison.Ordinal))
            {
                Faults.Add("503 without an OperationOutcome: " + body);
            }

            return (true, answer, body);
        }
        catch (Exception gone) when (RunningServer.IsGone(gone))
        {
            return (false, null, null);
        }
    }

    private Known? Living()
    {
        var living = Resources.Where(known => known is { IsDeleted: false, Doubt: null }).ToList();
        return living.Count == 0 ? null : living[random.Next(living.Count)];
    }

    private string NextText() => string.Create(CultureInfo.InvariantCulture, $"c{number}-{serial++}");

    private static string IdOf(string body) => JsonNode.Parse(body)!["id"]!.GetValue<string>();

    private static string Observation(string identifier, string value, string? id = null) => $$"""
        {"resourceType":"Observation",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"identifier":[{"system":"{{System}}","value":"{{identifier}}"}],"status":"final","code":{"text":"load"},"valueString":"{{value}}"}
        """;
}

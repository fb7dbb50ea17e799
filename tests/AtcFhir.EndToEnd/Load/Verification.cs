using System.Net;
using System.Text.Json.Nodes;
using AtcFhir.EndToEnd.Running;

namespace AtcFhir.EndToEnd.Load;

/// <summary>Compares what clients were told with what a server holds. What was in doubt has to have come whole or not at all; it is taken as it turned out.</summary>
internal static class Verification
{
    /// <summary>What was written since the last time.</summary>
    public static async Task Recent(RunningServer server, IReadOnlyList<WritingClient> clients)
    {
        foreach (var client in clients)
        {
            Assert.Empty(client.Faults);
            foreach (var (identifier, resources) in client.Unsure)
            {
                client.Resources.AddRange(await Found(server, identifier, resources));
            }

            client.Unsure.Clear();
            foreach (var known in client.Resources.Where(known => known.IsTouched))
            {
                await Compare(server, known);
                known.IsTouched = false;
            }
        }
    }

    /// <summary>Everything that was ever acknowledged, and that nothing else is there.</summary>
    public static async Task All(RunningServer server, IReadOnlyList<WritingClient> clients)
    {
        foreach (var known in clients.SelectMany(client => client.Resources))
        {
            known.IsTouched = true;
        }

        await Recent(server, clients);
        foreach (var shared in clients.SelectMany(client => client.Shared).GroupBy(answer => answer.Identifier))
        {
            Assert.Single(shared.Select(answer => answer.Id).Distinct());
        }

        var highest = clients.SelectMany(client => client.Shared).Select(answer => int.Parse(answer.Identifier["shared-".Length..], CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max();
        var sharedVersions = 0;
        for (var number = 0; number <= highest + 1; number++)
        {
            var count = await server.Count(WritingClient.SearchOf(string.Create(CultureInfo.InvariantCulture, $"shared-{number}")));
            Assert.InRange(count, 0, 1);
            sharedVersions += count;
        }

        var versions = clients.SelectMany(client => client.Resources).Sum(known => known.Versions.Count);
        Assert.Equal(versions + sharedVersions, await server.HistoryTotal("/fhir/Observation"));
    }

    private static async Task<IEnumerable<Known>> Found(RunningServer server, string identifier, int resources)
    {
        var found = (await server.Get(WritingClient.SearchOf(identifier)))["entry"]?.AsArray() ?? [];
        Assert.True(found.Count == 0 || found.Count == resources, $"{identifier}: {found.Count} of {resources} resources of one write");
        return found.Select(entry => new Known(entry!["resource"]!["id"]!.GetValue<string>(), identifier) { Versions = { null } });
    }

    private static async Task Compare(RunningServer server, Known known)
    {
        await SettleDoubt(server, known);
        using var current = await server.Http.GetAsync(known.Path);
        Assert.Equal(known.IsDeleted ? HttpStatusCode.Gone : HttpStatusCode.OK, current.StatusCode);
        Assert.Equal(known.IsDeleted ? 0 : 1, (await Matches(server, known.Identifier)).Count(id => id == known.Id));
        for (var version = 1; version <= known.Versions.Count; version++)
        {
            if (known.Versions[version - 1] is { } body)
            {
                Assert.Equal(body, await server.Http.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"{known.Path}/_history/{version}")));
            }
        }

        if (!known.IsDeleted && known.Versions[^1] is { } last)
        {
            Assert.Equal(last, await current.Content.ReadAsStringAsync());
        }

        var history = (await server.Get(known.Path + "/_history?_count=1000"))["entry"]!.AsArray();
        Assert.Equal(
            Enumerable.Range(1, known.Versions.Count).Reverse().Select(version => $"W/\"{version}\""),
            history.Select(entry => entry!["response"]!["etag"]!.GetValue<string>()));
    }

    /// <summary>The version that was under way is there with what it should say, or not there.</summary>
    private static async Task SettleDoubt(RunningServer server, Known known)
    {
        if (known.Doubt is not { } doubt)
        {
            return;
        }

        known.Doubt = null;
        using var next = await server.Http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{known.Path}/_history/{known.Versions.Count + 1}"));
        if (next.StatusCode == HttpStatusCode.NotFound)
        {
            return;
        }

        Assert.Equal(doubt.Length == 0 ? HttpStatusCode.Gone : HttpStatusCode.OK, next.StatusCode);
        var body = doubt.Length == 0 ? null : await next.Content.ReadAsStringAsync();
        Assert.Equal(doubt, body is null ? "" : JsonNode.Parse(body)!["valueString"]!.GetValue<string>());
        known.IsDeleted = doubt.Length == 0;
        known.Versions.Add(body);
    }

    private static async Task<IEnumerable<string>> Matches(RunningServer server, string identifier)
        => ((await server.Get(WritingClient.SearchOf(identifier)))["entry"]?.AsArray() ?? []).Select(entry => entry!["resource"]!["id"]!.GetValue<string>());
}

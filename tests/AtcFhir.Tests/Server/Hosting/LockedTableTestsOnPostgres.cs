using System.Collections.Concurrent;
using AtcFhir.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Hosting;

/// <summary>Somebody else works on the server's PostgreSQL and holds a lock while clients write and read. Under Validation:OnWrite=Enforce.</summary>
public class LockedTableTestsOnPostgres
{
    private const int Clients = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("LOCK TABLE res IN ACCESS EXCLUSIVE MODE", false)] // as ALTER TABLE or VACUUM FULL takes it
    [InlineData("LOCK TABLE ver IN SHARE MODE", true)] // as CREATE INDEX takes it
    [InlineData("SELECT * FROM writer FOR UPDATE", true)] // a session that is left idle in its transaction
    public async Task WritesAreRefusedAndNothingIsHalfStoredUntilTheLockIsGone(string sql, bool canBeRead)
    {
        Assert.SkipWhen(PostgresSchema.IsMissing, PostgresSchema.Missing);
        await using var app = await ServerApp.OfPlainStudy("Store:BusyTimeout=00:00:00.200").Ready();
        await app.Put("Patient/before", Patient("before"));
        await using var other = new NpgsqlConnection(app.Services.GetRequiredService<IConfiguration>()["Store:ConnectionString"]);
        await other.OpenAsync(Cancel);
        var (acknowledged, refused, isOver) = (new ConcurrentBag<string>(), new ConcurrentBag<Reply>(), false);
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (var number = 0; !Volatile.Read(ref isOver); number++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"load-{client}-{number}");
                var reply = await app.Post("", Bundle("transaction", Entry("PUT", $"Patient/{id}", Patient(id)), Entry("PUT", $"Observation/{id}", Observation(id, $"Patient/{id}"))));
                if (reply.Status == 200)
                {
                    acknowledged.Add(id);
                }
                else
                {
                    refused.Add(reply);
                }
            }
        })).ToList();
        await Until(() => acknowledged.Count > Clients);

        await using (var transaction = await other.BeginTransactionAsync(Cancel))
        {
            await using var locking = new NpgsqlCommand(sql, other);
            await locking.ExecuteNonQueryAsync(Cancel);
            await Until(() => refused.Count > Clients);

            var read = await app.Get("Patient/before");
            var search = await app.Get("Patient?_id=before");
            if (canBeRead)
            {
                Assert.Equal((200, 200), (read.Status, search.Status));
            }
            else
            {
                IsBusy(read);
                IsBusy(search);
            }

            Assert.Equal(200, (await app.Get("metadata")).Status);
            Assert.Equal(503, (await app.Get("/healthz/ready")).Status);
        }

        var then = acknowledged.Count;
        await Until(() => acknowledged.Count > then + Clients);
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(clients);

        Assert.All(refused, IsBusy);
        var ids = acknowledged.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(ids, await Stored(app, "Patient"));
        Assert.Equal(ids, await Stored(app, "Observation"));
        Assert.Equal(200, (await app.Get("/healthz/ready")).Status);
        Assert.Empty((await ((IStoreMaintenance)app.Endpoint.Store).Check(Cancel)).Faults);
    }

    private static void IsBusy(Reply reply)
    {
        reply.Refuses(503, "transient");
        Assert.Equal("1", reply.Header("Retry-After"));
        Assert.Contains("Another process holds the database.", reply.Text, StringComparison.Ordinal);
    }

    private static async Task<List<string>> Stored(ServerApp app, string type)
    {
        var (ids, next) = (new List<string>(), (string?)$"/fhir/{type}?_count=1000&_elements=id");
        while (next is not null)
        {
            var page = await app.Get(next);
            ids.AddRange(page.Matches.Where(id => id.StartsWith("load-", StringComparison.Ordinal)));
            next = page.Link("next")?.Replace("http://localhost", "", StringComparison.Ordinal);
        }

        return [.. ids.Order(StringComparer.Ordinal)];
    }

    private static async Task Until(Func<bool> isTrue)
    {
        while (!isTrue())
        {
            await Task.Delay(10, Cancel);
        }
    }
}

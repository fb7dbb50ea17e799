using AtcFhir.Store;
using AtcFhir.Store.Postgres;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sqlite;
using Npgsql;

namespace AtcFhir.Tests.Store.Postgres;

/// <summary>
/// How PostgreSQL goes about searches. A search that can be carried out in one way only is planned once a session: planning it takes longer than the search. One that compares ranges is planned for its
/// values, since how many resources they hold decides the way.
/// </summary>
public class SearchPlanTestsOnPostgres
{
    private const int Searches = 30;

    /// <summary>Of one patient and one identifier, so that a planner that sees another value expects to gain by it.</summary>
    private const int Held = 1000;

    private const string Patient = """{"resourceType":"Patient","identifier":[{"system":"urn:s","value":"1"}]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Observation", "subject=Patient/p{0}&code=http://loinc.org|6690-2")]
    [InlineData("Observation", "subject=Patient/p{0}&code=http://loinc.org|6690-2&_sort=-_lastUpdated")]
    [InlineData("Observation", "subject=Patient/p{0}")]
    [InlineData("Observation", "subject=Patient/p{0}&status=final")]
    [InlineData("Patient", "identifier=urn:s|{0}")]
    public async Task ASearchOfSeeksIsPlannedOnce(string type, string query) => Assert.True(await PlansForItsValues(type, query) < Searches / 3);

    [Theory]
    [InlineData("Observation", "value-quantity=gt{0}")]
    [InlineData("Observation", "date=ge20{0}")]
    [InlineData("Observation", "_lastUpdated=gt20{0}")]
    public async Task ASearchOfRangesIsNotPlannedWithoutItsValues(string type, string query)
    {
        await using var test = new TestStore();
        using var session = await Searched(test, type, query);

        Assert.DoesNotContain("(SELECT $1)", StatementOf(session), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Observation", "subject:missing=true")]
    [InlineData("Observation", "status:not=final")]
    public async Task WhatResourcesLackIsFoundByAJoin(string type, string query)
    {
        await using var test = new TestStore();
        using var session = await Searched(test, type, query);
        var plan = PlanOf(session, "EXPLAIN");
        Assert.Contains(plan, line => line.Contains("Anti Join", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Observation", "_sort=-date&_count=10")]
    [InlineData("Observation", "_sort=date&status=final&_count=10")]
    public async Task APageInTheOrderOfADateLooksAtNoMoreThanThePage(string type, string query)
    {
        await using var test = new TestStore();
        using var session = await Searched(test, type, query);
        var plan = PlanOf(session, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF)");
        var resources = Assert.Single(plan, line => line.Contains("on res r", StringComparison.Ordinal));
        Assert.Contains("loops=11)", resources, StringComparison.Ordinal);
    }

    private static string Observation(int number)
        => $$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"6690-2"}]},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"{{{2000 + (number % 20)}}}-10-16","valueQuantity":{"value":{{{number}}}}}""";

    /// <summary>How often the statement of the page was planned for its values.</summary>
    private static async Task<long> PlansForItsValues(string type, string query)
    {
        await using var test = new TestStore();
        using var session = await Searched(test, type, query);
        return session.Scalar("SELECT max(custom_plans) FROM pg_prepared_statements WHERE statement LIKE '%v.body%'");
    }

    private static List<string> PlanOf(PgSession session, string explain)
    {
        var (plan, lines) = (new List<string>(), session.Prepare($"{explain} {StatementOf(session).Replace("$1", "'final'", StringComparison.Ordinal)}"));
        while (lines.Step())
        {
            plan.Add(lines.Text(0));
        }

        lines.Reset();
        return plan;
    }

    private static string StatementOf(PgSession session)
    {
        var select = session.Prepare("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%v.body%'");
        Assert.True(select.Step());
        var statement = select.Text(0);
        select.Reset();
        return statement;
    }

    private static async Task<PgSession> Searched(TestStore test, string type, string query)
    {
        await test.Commit([.. Enumerable.Range(0, Held).SelectMany(number => (ResourceWrite[])[ResourceWrite.Create(test.Prepare(Patient)), ResourceWrite.Create(test.Prepare(Observation(number)))])]);
        await using (var connection = new NpgsqlConnection(test.ConnectionString))
        {
            await connection.OpenAsync(Cancel);
            await using var analyze = new NpgsqlCommand("ANALYZE", connection);
            await analyze.ExecuteNonQueryAsync(Cancel);
        }

        var runner = new SearchRunner(new Names(), SearchParameterRegistry.R4, new CursorSigner(new byte[32]), null, test.Time);
        var session = PgSession.Open(test.ConnectionString, TimeSpan.FromSeconds(10), test.Time);
        for (var use = 10; use < 10 + Searches; use++)
        {
            var parsed = SearchRequest.Parse(test.Store.SearchParameters, type, string.Format(CultureInfo.InvariantCulture, query, use), SearchHandling.Strict);
            Assert.True(runner.Search(session, parsed.Value.Query).Succeeded);
        }

        return session;
    }
}

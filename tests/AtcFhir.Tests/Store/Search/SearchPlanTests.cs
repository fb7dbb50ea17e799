using AtcFhir.Store.Search;
using AtcFhir.Store.Sqlite;
using AtcFhir.Store.Sqlite.Searching;

namespace AtcFhir.Tests.Store.Search;

/// <summary>What SQLite makes of the SQL: seeks, whatever the size of the tables.</summary>
public class SearchPlanTests
{
    [Theory]
    [InlineData("Observation", "subject=Patient/p1&code=http://loinc.org|89247-1")]
    [InlineData("Observation", "patient=p1&category=survey&date=ge2019")]
    [InlineData("Observation", "code=89247-1")]
    [InlineData("Observation", "date=ge2019-01-01&status=final")]
    [InlineData("Observation", "_id=o1&status=final")]
    [InlineData("Observation", "_lastUpdated=ge2018-01-01")]
    [InlineData("Observation", "value-quantity=gt10|http://unitsofmeasure.org|mg/L")]
    [InlineData("Observation", "subject.name=janssen")]
    [InlineData("Observation", "code-value-quantity=1988-5$gt10")]
    [InlineData("Observation", "component-code-value-quantity=1988-5$gt10")]
    [InlineData("Patient", "identifier=urn:s|001")]
    [InlineData("Patient", "name=jan&birthdate=lt1990")]
    [InlineData("Patient", "_has:Observation:patient:code=89247-1")]
    [InlineData("Patient", "organization=Organization/org")]
    [InlineData("Patient", "")]
    public async Task EverySearchIsMadeOfSeeks(string type, string query)
    {
        await using var test = new TestStore();
        await test.Create("""{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:s","value":"001"}],"name":[{"family":"Janssen"}],"birthDate":"1950","managingOrganization":{"reference":"Organization/org"}}""", "p1");
        await test.Create("""{"resourceType":"Observation","status":"final","category":[{"coding":[{"code":"survey"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"1988-5"}]},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2019-02-01","valueQuantity":{"value":12,"unit":"mg/L","system":"http://unitsofmeasure.org","code":"mg/L"},"component":[{"code":{"coding":[{"code":"1988-5"}]},"valueQuantity":{"value":1}}]}""", "o1");
        await test.Create("""{"resourceType":"Organization","name":"UMC"}""", "org");
        using var reader = Connection.Open(test.ConnectionString, TimeSpan.FromSeconds(1), TimeProvider.System);
        var (names, registry) = (new Names(), test.Store.SearchParameters);
        var rows = new RowTestBuilder(reader, names, null, test.Time.GetUtcNow());
        var parsed = SearchRequest.Parse(registry, type, query, SearchHandling.Strict).Value.Query;

        var plan = SearchPlan.Of(reader, names, registry, parsed, rows, new PredicateBuilder(reader, names, registry, rows))!;
        var steps = new List<string>();
        new SqlText($"EXPLAIN QUERY PLAN SELECT DISTINCT r.rid, r.seq{plan.Tables} WHERE ").Append(plan.Where).Append(" ORDER BY r.rid LIMIT 11").Read(reader, row => steps.Add(row.Text(3)));

        // The table of units has a row for each unit ever seen, a few dozen.
        Assert.DoesNotContain(steps, step => step.StartsWith("SCAN", StringComparison.Ordinal) && !step.StartsWith("SCAN unit", StringComparison.Ordinal));
        Assert.NotEmpty(steps);
    }
}

using System.Text;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Requests that mean harm, or ask for more than anybody needs: an answer that says what is wrong, never a 500, and nothing changed.</summary>
public class HostileRequestTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly string[] Injections =
    [
        "' OR '1'='1", "'; DROP TABLE ver; --", "\"; DELETE FROM res; --", "x' UNION SELECT body FROM ver --", "\\'; SELECT pg_sleep(10); --", "$1", "?", "{0}", "%", "_", "a\0b",
        "1) OR (1=1", "1; VACUUM", "\u2019 OR 1=1", "*/ OR /*", "ge2000' OR 'a", "1|' OR '|' --", "|||", "\\,\\$\\|",
    ];

    private ServerApp App => server.App;

    [Theory]
    [InlineData("RiskAssessment", "probability")]
    [InlineData("Observation", "date")]
    [InlineData("Patient", "name")]
    [InlineData("Patient", "name:exact")]
    [InlineData("Patient", "name:contains")]
    [InlineData("Patient", "identifier")]
    [InlineData("Patient", "identifier:not")]
    [InlineData("Observation", "code:text")]
    [InlineData("Observation", "subject")]
    [InlineData("Observation", "subject:identifier")]
    [InlineData("Observation", "subject:Patient.name")]
    [InlineData("Observation", "code-value-quantity")]
    [InlineData("Observation", "value-quantity")]
    [InlineData("ValueSet", "url")]
    [InlineData("ValueSet", "url:below")]
    [InlineData("Patient", "_has:Observation:patient:code")]
    [InlineData("Patient", "_id")]
    [InlineData("Patient", "_lastUpdated")]
    [InlineData("Patient", "_tag")]
    [InlineData("Patient", "_profile")]
    [InlineData("Patient", "_text")]
    [InlineData("Patient", "_content")]
    [InlineData("Patient", "_filter")]
    [InlineData("Patient", "_list")]
    [InlineData("Location", "near")]
    [InlineData("Patient", "_sort")]
    [InlineData("Patient", "_count")]
    [InlineData("Patient", "_total")]
    [InlineData("Patient", "_include")]
    [InlineData("Patient", "_revinclude")]
    [InlineData("Patient", "_elements")]
    [InlineData("Patient", "_summary")]
    [InlineData("Patient", "_cursor")]
    [InlineData("Patient", "name:missing")]
    public async Task SqlInAParameterIsAValueLikeAnyOther(string type, string parameter)
    {
        await App.Put("Patient/keep", Resources.Patient("keep", "Kept"));
        foreach (var injection in Injections)
        {
            var answer = await App.Get($"{type}?{Uri.EscapeDataString(parameter)}={Uri.EscapeDataString(injection)}", ("Prefer", "handling=strict"));

            Assert.True(answer.Status is 200 or 400, $"{injection}: {answer.Status} {answer.Text}");
            Assert.True(answer.Status == 200 || answer.Text.Contains(parameter.Split(':')[0], StringComparison.Ordinal), $"{injection}: the answer names no parameter: {answer.Text}");
            Assert.True(parameter is not ("name" or "identifier" or "_id") || !answer.Text.Contains("Kept", StringComparison.Ordinal), $"{injection} finds what it should not");
        }

        Assert.Equal(200, (await App.Get("Patient/keep")).Status);
    }

    [Theory]
    [InlineData("name'--")]
    [InlineData("name); DROP TABLE ver")]
    [InlineData("subject:Patient'.name")]
    [InlineData("_has:Observation:patient':code")]
    [InlineData("_sort'")]
    [InlineData("name:exact'")]
    public async Task SqlInTheNameOfAParameterIsNoParameter(string parameter)
    {
        var refused = await App.Get($"Patient?{Uri.EscapeDataString(parameter)}=x", ("Prefer", "handling=strict"));

        Assert.Equal(400, refused.Status);
        Assert.Equal("OperationOutcome", refused.ResourceType);
    }

    [Theory]
    [InlineData("Patient/x'--")]
    [InlineData("Patient/1%0d%0aSet-Cookie:a=b")]
    public async Task AnIdThatIsNoneIsRefused(string path)
    {
        var refused = await App.Put(path, Resources.Patient(Uri.UnescapeDataString(path)[8..].Replace("\r\n", "\\r\\n", StringComparison.Ordinal).Replace("\0", "\\u0000", StringComparison.Ordinal)));

        Assert.InRange(refused.Status, 400, 422);
        Assert.Equal("OperationOutcome", refused.ResourceType);
        Assert.DoesNotContain("Set-Cookie", refused.Headers.Keys);
        Assert.Equal(404, (await App.Get(path)).Status);
    }

    [Fact]
    public async Task ALineBreakInAHeaderOrABundleMakesNoHeader()
    {
        var created = await App.Post("Patient", Resources.Patient(identifier: "crlf"), ("If-None-Exist", "identifier=crlf%0d%0aSet-Cookie:%20a=b"));
        var bundle = await App.Post("", Resources.Bundle("transaction", Resources.Entry("POST", "Patient", Resources.Patient(identifier: "crlf2"), more: ""","ifNoneExist":"identifier=x\r\nSet-Cookie: a=b" """)));
        var url = await App.Post("", Resources.Bundle("transaction", Resources.Entry("PUT", "Patient/a%0d%0aSet-Cookie:b", Resources.Patient())));

        foreach (var answer in new[] { created, bundle, url })
        {
            Assert.InRange(answer.Status, 200, 422);
            Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
            Assert.DoesNotContain(answer.Headers.Values, value => value.Contains('\r') || value.Contains('\n'));
        }

        Assert.InRange(url.Status, 400, 422);
    }

    [Fact]
    public async Task AUrlWithoutEndIsRefused()
        => (await App.Get("Patient?name=" + new string('x', 40_000))).Refuses(414, "too-long");

    [Fact]
    public async Task HeadersThatAreTooLargeAreRefusedWithTheReason()
    {
        (await App.Get("Patient", ("X-Long", new string('x', 40_000)))).Refuses(431, "too-long");
        (await App.Get("Patient", [.. Enumerable.Range(0, 400).Select(i => ($"X-Long-{i}", new string('x', 100)))])).Refuses(431, "too-long");
        Assert.Equal(200, (await App.Get("Patient", [.. Enumerable.Range(0, 400).Select(i => ($"X-Short-{i}", "x"))])).Status);
    }

    [Theory]
    [InlineData("Patient", "identifier", "v{0}", ",", 5000)]
    [InlineData("Observation", "date", "ge20{0:00}", ",", 5000)]
    [InlineData("Observation", "value-quantity", "{0}|http://unitsofmeasure.org|kg", ",", 5000)]
    [InlineData("Patient", "name", "n{0}", ",", 5000)]
    [InlineData("Patient", "_lastUpdated", "ge2000-01-01", ",", 5000)]
    [InlineData("Patient", "_id", "i{0}", ",", 40_000)]
    [InlineData("Patient", "_filter", "name eq n{0}", " and ", 200_000)]
    [InlineData("Patient", "_filter", "name eq n{0}", " or ", 200_000)]
    [InlineData("Patient", "_filter", "(name eq n{0}", "", 100_000)]
    [InlineData("Patient", "_filter", "not (name eq n{0}", "", 100_000)]
    [InlineData("Patient", "_filter", "general-practitioner[name eq n{0}].", "", 100_000)]
    [InlineData("Patient", "_text", "(a", "", 100_000)]
    [InlineData("Patient", "_elements", "name", ",", 100_000)]
    [InlineData("Patient", "_sort", "name", ",", 10_000)]
    public async Task AParameterOfThousandsOfValuesIsRefusedByName(string type, string parameter, string value, string separator, int times)
    {
        var values = string.Join(separator, Enumerable.Range(0, times).Select(number => string.Format(CultureInfo.InvariantCulture, value, number % 90)));

        var answer = await App.Post($"{type}/_search", $"{parameter}={Uri.EscapeDataString(values)}", ("Content-Type", "application/x-www-form-urlencoded"));

        Assert.True(answer.Status is 200 or 400, $"{answer.Status}");
        Assert.True(answer.Status == 200 || answer.Text.Contains(parameter, StringComparison.Ordinal), answer.Text[..Math.Min(500, answer.Text.Length)]);
    }

    [Theory]
    [InlineData("identifier", "v{0}")]
    [InlineData("name", "n{0}")]
    [InlineData("birthdate", "19{0:00}")]
    [InlineData("_lastUpdated", "lt20{0:00}-01-01")]
    public async Task AParameterOfHundredsOfValuesIsServed(string parameter, string value)
    {
        var values = string.Join(',', Enumerable.Range(0, 300).Select(number => string.Format(CultureInfo.InvariantCulture, value, number % 90)));

        Assert.Equal(200, (await App.Post("Patient/_search", $"{parameter}={Uri.EscapeDataString(values)}", ("Content-Type", "application/x-www-form-urlencoded"))).Status);
    }

    [Fact]
    public async Task ThousandsOfParametersAreRefused()
    {
        var unknown = string.Join('&', Enumerable.Range(0, 50_000).Select(number => $"nobody{number}=x"));
        var known = string.Join('&', Enumerable.Range(0, 500).Select(number => $"name=x{number}"));

        (await App.Post("Patient/_search", unknown, ("Content-Type", "application/x-www-form-urlencoded"))).Refuses(400, "too-costly");
        (await App.Post("Patient/_search", known, ("Content-Type", "application/x-www-form-urlencoded"))).Refuses(400, "too-costly");
    }

    [Theory]
    [InlineData("Observation", "has-member.", 100)]
    [InlineData("Basic", "subject.", 8)]
    [InlineData("Patient", "_has:Observation:subject:", 100)]
    public async Task AChainThatLeadsEverywhereIsTooCostly(string type, string link, int links)
    {
        var refused = await App.Get($"{type}?{string.Concat(Enumerable.Repeat(link, links))}_id=1");

        refused.Refuses(400, "too-costly");
        Assert.Contains(link.TrimEnd('.'), refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IncludesThatGoInACircleEnd()
    {
        await App.Put("Organization/round-1", """{"resourceType":"Organization","id":"round-1","name":"a","partOf":{"reference":"Organization/round-2"}}""");
        await App.Put("Organization/round-2", """{"resourceType":"Organization","id":"round-2","name":"b","partOf":{"reference":"Organization/round-1"}}""");

        var found = await App.Get("Organization?_id=round-1&_include=Organization:partof&_include:iterate=Organization:partof&_revinclude:iterate=Organization:partof&_include:iterate=*");

        Assert.Equal(200, found.Status);
        Assert.Equal(["round-1", "round-2"], found.Entries.Where(entry => (string?)entry["search"]!["mode"] != "outcome").Select(entry => (string)entry["resource"]!["id"]!));
    }

    [Fact]
    public async Task ATransactionOfTenThousandEntriesIsWrittenWhole()
    {
        var answer = await App.Post("", Observations("transaction", 10_000, broken: null));

        Assert.Equal(200, answer.Status);
        Assert.Equal(10_000, answer.Entries.Count);
        Assert.All(answer.Entries, entry => Assert.StartsWith("201", (string?)entry["response"]!["status"], StringComparison.Ordinal));
        Assert.Equal(10_000, (int)(await App.Get("Observation?code=bulk-transaction&_summary=count")).Json["total"]!);
    }

    [Fact]
    public async Task EveryEntryOfABatchOfTenThousandIsAnswered()
    {
        var answer = await App.Post("", Resources.Bundle("batch", [.. Enumerable.Range(0, 10_000).Select(number => Resources.Entry("GET", $"Nobody/{number}"))]));

        Assert.Equal(200, answer.Status);
        Assert.Equal(10_000, answer.Entries.Count);
        Assert.All(answer.Entries, entry => Assert.StartsWith("404", (string?)entry["response"]!["status"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task ABundleOfTenThousandEntriesWithOneThatIsBrokenIsNotWrittenAtAll()
    {
        var refused = await App.Post("", Observations("transaction", 10_000, broken: 9_998, code: "broken"));

        Assert.Equal(422, refused.Status);
        Assert.Contains("Bundle.entry[9998]", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await App.Get("Observation?code=bulk-broken&_summary=count")).Json["total"]!);
    }

    private static string Observations(string type, int count, int? broken, string? code = null)
    {
        var entries = new StringBuilder($$"""{"resourceType":"Bundle","type":"{{type}}","entry":[""");
        for (var number = 0; number < count; number++)
        {
            entries.Append(CultureInfo.InvariantCulture, $$"""
                {{(number > 0 ? "," : "")}}{"resource":{"resourceType":"Observation",{{(number == broken ? "" : "\"status\":\"final\",")}}"code":{"coding":[{"code":"bulk-{{code ?? type}}"}]},"valueInteger":{{number}}},"request":{"method":"POST","url":"Observation"} }
                """);
        }

        return entries.Append("]}").ToString();
    }
}

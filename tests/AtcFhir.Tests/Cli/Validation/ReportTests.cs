using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using AtcFhir.Cli.Inputs;
using AtcFhir.Cli.Validation;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using CsCheck;

namespace AtcFhir.Tests.Cli.Validation;

/// <summary>The forms in which the command tells what it found.</summary>
public class ReportTests
{
    private static readonly InputResource Input = new("p.json", "p.json", Encoding.UTF8.GetBytes("{\"resourceType\":\"Patient\",\n  \"nickname\":\"\u001b[31mJim\"}"));

    private static readonly Issue Fault = Issue.Error("structure", "Patient has no element 'nick\u0001name'.") with { Rule = "ATC-S010", Expression = "Patient", Line = 2, Column = 3, Diagnostics = "R4" };

    private static string Text(bool isQuiet, params Issue[] issues)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var report = new TextReport(output, useColour: false, isQuiet);
        report.Add(new Validated(Input, issues));
        report.End();
        return output.ToString();
    }

    [Fact]
    public void TextShowsTheLineWithACaretAndNothingThatSteersATerminal()
        => Assert.Equal(
            """
            p.json: invalid
              2:3 error Patient has no element 'nick·name'.
                  Patient  ATC-S010  R4
                 2 |   "nickname":"·[31mJim"}
                       ^
            1 resource: 0 valid, 1 invalid, 1 error, 0 warnings

            """.ReplaceLineEndings("\n"),
            Text(false, Fault));

    [Fact]
    public void QuietLeavesOutWhatIsFine() => Assert.Equal("1 resource: 1 valid, 0 invalid, 0 errors, 0 warnings\n", Text(true));

    [Fact]
    public void JUnitIsXmlWhateverTheTextHolds()
    {
        using var output = new MemoryStream();
        var report = new JUnitReport(output);
        report.Add(new Validated(Input, [Fault]));
        report.End();
        var suite = XDocument.Parse(Encoding.UTF8.GetString(output.ToArray())).Root!.Element("testsuite")!;
        Assert.Equal(("1", "1"), ((string?)suite.Attribute("tests"), (string?)suite.Attribute("failures")));
    }

    /// <summary>What Jenkins, and others after it, demand: the counts of a suite, names of suites and cases, no other elements.</summary>
    [Fact]
    public void JUnitHasWhatBuildServersDemand()
    {
        using var output = new MemoryStream();
        var report = new JUnitReport(output);
        report.Add(new Validated(Input, [Fault, Fault with { Severity = IssueSeverity.Warning }]));
        report.Add(new Validated(Input, []));
        report.End();
        var root = XDocument.Parse(Encoding.UTF8.GetString(output.ToArray())).Root!;
        Assert.Equal("testsuites", root.Name.LocalName);
        var suite = Assert.Single(root.Elements());
        Assert.Equal(["name=atcfhir validate", "tests=2", "failures=1", "errors=0"], suite.Attributes().Select(attribute => $"{attribute.Name}={attribute.Value}"));
        Assert.Equal(["testcase: failure system-out", "testcase: "], suite.Elements().Select(test => $"{test.Name}: {string.Join(' ', test.Elements().Select(child => child.Name))}"));
        Assert.All(suite.Elements(), test => Assert.Equal(["classname", "name"], test.Attributes().Select(attribute => attribute.Name.LocalName)));
    }

    [Fact]
    public async Task SarifFitsItsSchemaWhateverIsFound()
    {
        var schema = await NJsonSchema.JsonSchema.FromFileAsync(Path.Combine(PublicPackage.Folder("jest-sarif"), "lib", "schemas", "sarif-2.1.0-rtm.5.json"), TestContext.Current.CancellationToken);
        Assert.NotEmpty(schema.Validate("""{"version":"2.1.0","runs":[{"results":[]}]}"""));
        var rules = RulePage.Rules.Select(rule => (string?)rule.Id).Append(null).ToArray();
        var issues = Gen.Select(Gen.Enum<IssueSeverity>(), Gen.OneOf(Array.ConvertAll(rules, Gen.Const)), Gen.String, Gen.String.Null(), Gen.Int[1, 100_000].Nullable(), Gen.Int[1, 100_000].Nullable(), (severity, rule, text, expression, line, column) =>
            new Issue(severity, IssueCode.Invalid, text) { Rule = rule, Expression = expression, Line = line, Column = column });
        Gen.Select(issues.Array[0, 5], Gen.OneOf(Array.ConvertAll(new[] { "a.json", "C:\\a b\\c.json", "/tmp/ü#?.xml", "-", "x.ndjson" }, Gen.Const))).Sample((found, file) =>
        {
            using var output = new MemoryStream();
            using var report = new SarifReport(output);
            report.Start();
            report.Add(new Validated(Input with { Name = file, File = file }, found));
            report.Add(new Validated(Input, []));
            report.End();
            Assert.Equal([], schema.Validate(Encoding.UTF8.GetString(output.ToArray())).Select(error => error.ToString()));
        }, iter: 200);
    }

    [Fact]
    public void SarifSaysWhichVersionSpeaks()
    {
        using var output = new MemoryStream();
        using var report = new SarifReport(output);
        report.Start();
        report.End();
        using var sarif = JsonDocument.Parse(output.ToArray());
        Assert.Matches(@"^\d+\.\d+\.\d+$", sarif.RootElement.GetProperty("runs")[0].GetProperty("tool").GetProperty("driver").GetProperty("version").GetString());
    }

    [Fact]
    public void SarifNamesEveryRuleAndThePlace()
    {
        using var output = new MemoryStream();
        using var report = new SarifReport(output);
        report.Start();
        report.Add(new Validated(Input, [Fault]));
        report.End();
        using var sarif = JsonDocument.Parse(output.ToArray());
        var run = sarif.RootElement.GetProperty("runs")[0];
        Assert.Contains(run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray(), rule => rule.GetProperty("id").GetString() == "ATC-S010");
        Assert.Equal(2, run.GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region").GetProperty("startLine").GetInt32());
    }

    [Theory]
    [InlineData("my file.json", "my file.json", "my%20file.json", 2)]
    [InlineData("a.ndjson:7", "a.ndjson", "a.ndjson", 7)]
    [InlineData("a:b.json", "a:b.json", "a%3Ab.json", 2)]
    public void SarifNamesTheFileByAUriAndTheLineInIt(string name, string file, string uri, int line)
    {
        using var output = new MemoryStream();
        using var report = new SarifReport(output);
        report.Start();
        report.Add(new Validated(Input with { Name = name, File = file }, [Fault]));
        report.End();
        using var sarif = JsonDocument.Parse(output.ToArray());
        var place = sarif.RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal((uri, line), (place.GetProperty("artifactLocation").GetProperty("uri").GetString(), place.GetProperty("region").GetProperty("startLine").GetInt32()));
    }

    [Fact]
    public void NdjsonIsOneLineAResource()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var report = new NdjsonReport(output);
        report.Add(new Validated(Input, [Fault]));
        report.Add(new Validated(Input, []));
        Assert.Equal(2, output.ToString().TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetProperty("resourceType").GetString()).Count(type => type == "OperationOutcome"));
    }

    /// <summary>An outcome that is valid itself, also when nothing was found, and when what was found has a control character.</summary>
    [Theory]
    [InlineData(0, "information")]
    [InlineData(1, "error")]
    [InlineData(2, "error error")]
    public void JsonIsOneOperationOutcome(int resources, string expected)
    {
        using var output = new MemoryStream();
        var report = new OutcomeReport(output);
        for (var i = 0; i < resources; i++)
        {
            report.Add(new Validated(Input with { Name = $"{i}.json" }, [Fault]));
        }

        report.End();
        using var outcome = AtcFhir.R4.Documents.ResourceDocument.Parse(output.ToArray()).Value;
        Assert.True(new Validator(AtcFhir.Validation.Conformance.ConformanceSource.Official).Validate(outcome).IsValid);
        Assert.Equal(expected, string.Join(' ', outcome.Root.ChildrenOf("issue").ToList().Select(issue => issue.Child("severity").Text)));
        Assert.Equal(resources > 1, outcome.Root.Child("issue").Child("diagnostics").Text?.StartsWith("0.json", StringComparison.Ordinal) == true);
    }
}

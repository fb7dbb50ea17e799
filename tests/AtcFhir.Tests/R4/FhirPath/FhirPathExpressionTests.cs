using System.Text;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using Microsoft.Extensions.Time.Testing;

namespace AtcFhir.Tests.R4.FhirPath;

public sealed class FhirPathExpressionTests
{
    private static readonly Node Observation = Parse("""
        {
          "resourceType": "Observation", "id": "o1", "status": "final",
          "code": { "coding": [ { "system": "http://loinc.org", "code": "89247-1" } ] },
          "valueQuantity": { "value": 1.50, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg" },
          "component": [
            { "code": { "text": "a" }, "valueString": "x" },
            { "code": { "text": "b" }, "valueInteger": 4 }
          ]
        }
        """);

    [Theory]
    [InlineData("name.given1", "column 6", "given'?")]
    [InlineData("nmae", "column 1", "'name'")]
    [InlineData("Encounter.period", "column 1", "Encounter")]
    [InlineData("deceasedBoolean", "column 1", "deceased.ofType(boolean)")]
    [InlineData("name.frist()", "column 6", "'first()'")]
    [InlineData("identifier.startsWith('a')", "column 12", "Identifier")]
    [InlineData("children().first()", "column 12", "order")]
    [InlineData("birthDate + 7", "column 11", "7 days")]
    [InlineData("gender < 5", "column 8", "compared")]
    [InlineData("gender.as(string1)", "column 11", "string1")]
    [InlineData("name.where(given.exists(", "column 25", "ends")]
    [InlineData("name.given = 'a", "column 14", "closed")]
    [InlineData("name.take(1, 2)", "column 6", "1 argument")]
    [InlineData("name.select($total)", "column 13", "aggregate")]
    [InlineData("telecom.where(value.matches('['))", "column 29", "regular expression")]
    [InlineData("name.exists() and\n  name.gvien.exists()", "line 2 column 8", "given")]
    public void SaysWhatIsWrongWhereAndHowToMendIt(string expression, string place, string hint)
    {
        var issue = FhirPathExpression.Compile(expression, R4Definitions.Find("Patient")).Failure!.Issues[0];
        Assert.Contains(place, issue.Text, StringComparison.Ordinal);
        Assert.Contains(hint, issue.Text, StringComparison.Ordinal);
        Assert.NotNull(issue.Column);
    }

    [Theory]
    [InlineData("name.given1")]
    [InlineData("Encounter.status")]
    public void ChecksNoNamesWithoutAContextType(string expression) => Assert.True(FhirPathExpression.Compile(expression).Succeeded);

    [Theory]
    [InlineData("status = 'final'", true)]
    [InlineData("status = 'amended'", false)]
    [InlineData("value.ofType(string) = 'x'", null)]
    [InlineData("code", true)]
    [InlineData("value.value = 1.5", true)]
    [InlineData("value > 1 'mg'", true)]
    [InlineData("value = 0.0015 'g'", true)]
    public void IsAPredicateAsInvariantsWantIt(string expression, bool? expected)
        => Assert.Equal(expected, FhirPathExpression.Compile(expression, Observation.Type).Value.Predicate(Observation));

    [Theory]
    [InlineData("id.exists() and status = 'draft' and code.exists()", "status = 'draft'")]
    [InlineData("code.exists() implies (id.exists() and subject.exists())", "subject.exists()")]
    [InlineData("subject.exists() or status = 'draft'", "subject.exists() or status = 'draft'")]
    [InlineData("component.all(value is string)", "component.all(value is string)")]
    [InlineData("(id.exists() and (subject.exists()))", "(subject.exists())")]
    public void TellsThePartThatMadeAPredicateFalse(string expression, string part)
    {
        var compiled = FhirPathExpression.Compile(expression, Observation.Type).Value;
        Assert.False(compiled.Predicate(Observation));
        Assert.Equal(part, compiled.Explain(Observation).Part);
    }

    [Fact]
    public void GivesTheFaultOfAPredicateAsAValue()
    {
        var failure = FhirPathExpression.Compile("component").Value.TryPredicate(Observation).Failure!;
        Assert.Equal(IssueCode.Processing, failure.Issues[0].Code);
    }

    [Fact]
    public void KeepsTheDigitsOfDecimals()
        => Assert.Equal("1.50", Assert.Single(FhirPathExpression.Compile("value.value").Value.Evaluate(Observation)).Text);

    /// <summary>An amount of as many digits as a literal may have: the sum has no year.</summary>
    [Theory]
    [InlineData("@2018-10-16T08:30:00Z")]
    [InlineData("@2018-10-16")]
    [InlineData("@2018")]
    public void MovesNoDateBeyondTheCalendar(string date)
    {
        foreach (var unit in (string[])["year", "month", "week", "day", "second", "millisecond"])
        {
            Assert.Empty(FhirPathExpression.Compile($"{date} + {new string('9', 400)} {unit}s").Value.Evaluate(default));
        }
    }

    [Fact]
    public void MovesATimeRoundTheClockHoweverFar()
        => Assert.Equal("23:30:00", Assert.Single(FhirPathExpression.Compile($"@T08:30:00 + {new string('9', 400)} hours").Value.Evaluate(default)).Text![..8]);

    [Fact]
    public void NamesTheTypesOfItsItems()
    {
        var items = FhirPathExpression.Compile("status | component[1].value | 1.5 | @2015 | component.first()").Value.Evaluate(Observation);
        Assert.Equal(["FHIR.code", "FHIR.integer", "System.Decimal", "System.Date", "FHIR.Observation.component"], items.Select(item => item.TypeName));
    }

    [Fact]
    public void StopsAtTheStepBudget()
    {
        var context = new FhirPathContext { StepBudget = 10_000 };
        var failure = FhirPathExpression.Compile("(1 | 2).repeatAll($this + 1)").Value.TryEvaluate(Observation, context).Failure!;
        Assert.Equal(IssueCode.TooCostly, failure.Issues[0].Code);
    }

    [Fact]
    public void TheFirstOfManyIsFoundWithoutTheOthers()
    {
        var context = new FhirPathContext { StepBudget = 40_000 };
        Assert.True(FhirPathExpression.Compile("name.all(%resource.name.first().text = 'a')").Value.TryPredicate(WithNames(4_000), context).Value);
    }

    [Fact]
    public void EveryNodeOfAPathCountsAsAStep()
    {
        var context = new FhirPathContext { StepBudget = 1_000_000 };
        var failure = FhirPathExpression.Compile("name.all(%resource.name.last().text = 'a')").Value.TryPredicate(WithNames(4_000), context).Failure!;
        Assert.Equal(IssueCode.TooCostly, failure.Issues[0].Code);
    }

    private static Node WithNames(int count)
        => ResourceDocument.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"Patient","name":[{{string.Join(',', Enumerable.Repeat("""{"text":"a"}""", count))}}]}""")).Value.Root;

    [Fact]
    public void StopsARegularExpressionThatRunsAway()
    {
        var text = new string('a', 40) + "!";
        var failure = FhirPathExpression.Compile($"'{text}'.matches('^(a+)+(?!b)$')").Value.TryEvaluate(default).Failure!;
        Assert.Equal(IssueCode.TooCostly, failure.Issues[0].Code);
    }

    [Fact]
    public void AnswersARunawayWithoutLookAroundInLinearTime()
    {
        var text = new string('a', 40) + "!";
        Assert.Equal("false", FhirPathExpression.Compile($"'{text}'.matches('^(a+)+$')").Value.TryEvaluate(default).Value[0].Text);
        Assert.Equal(text, FhirPathExpression.Compile($"'{text}'.replaceMatches('^(a+)+$', 'b')").Value.TryEvaluate(default).Value[0].Text);
    }

    [Fact]
    public void DoesNotQuoteTheDataInAFault()
    {
        var failure = FhirPathExpression.Compile("component.code.text.length()").Value.TryEvaluate(Observation).Failure!;
        Assert.DoesNotContain("'a'", failure.Issues[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void StandsStillInTimeDuringOneEvaluation()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2018, 10, 16, 8, 30, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var items = FhirPathExpression.Compile("now() = now() and today() = @2018-10-16").Value.Evaluate(default, new FhirPathContext { Time = time });
        Assert.True(Assert.Single(items).Boolean);
    }

    [Theory]
    [InlineData("name.trace('n').given.exists()")]
    [InlineData("name.trace('n').given.exists($this = 'none')")]
    [InlineData("name.trace('n').extension('http://example.org/none').exists()")]
    [InlineData("name.trace('n').ofType(HumanName).given.exists()")]
    public void AStepOfAPathIsEvaluatedOnce(string expression)
    {
        var traced = new List<string>();
        var patient = ResourceDocument.Parse("""{"resourceType":"Patient","name":[{"given":["a"]},{"given":["b"]}]}"""u8.ToArray()).Value.Root;

        FhirPathExpression.Compile(expression).Value.Predicate(patient, new FhirPathContext { Trace = (name, _) => traced.Add(name) });

        Assert.Equal(["n"], traced);
    }

    [Fact]
    public void TracesWhatItIsAskedTo()
    {
        var traced = new List<string>();
        var context = new FhirPathContext { Trace = (name, items) => traced.Add($"{name}: {string.Join(',', items.Select(item => item.Text))}") };
        FhirPathExpression.Compile("component.trace('texts', code.text).count()").Value.Evaluate(Observation, context);
        Assert.Equal(["texts: a,b"], traced);
    }

    [Fact]
    public void TakesVariablesFromTheContext()
    {
        var context = new FhirPathContext { Variables = new Dictionary<string, FhirPathCollection> { ["limit"] = new(3) } };
        Assert.True(FhirPathExpression.Compile("component.value.ofType(integer) > %limit").Value.Predicate(Observation, context));
    }

    [Fact]
    public void LetsAPublishedDefinitionUseAsOnCollections()
    {
        const string Text = "component.value.as(string)";
        Assert.False(FhirPathExpression.Compile(Text, Observation.Type).Value.TryEvaluate(Observation).Succeeded);
        Assert.Single(FhirPathExpression.Compile(Text, Observation.Type, FhirPathUse.Definition).Value.Evaluate(Observation));
    }

    [Fact]
    public void AllocatesNothingForTheInvariantsOfAValidObservation()
    {
        List<(Node Node, FhirPathExpression Expression)> work = [];
        for (var i = 0; i < Observation.Document.NodeCount; i++)
        {
            var node = Observation.Document.NodeAt(i);
            work.AddRange(node.Type.Constraints.Concat(node.Element?.Constraints ?? []).Where(constraint => constraint.Key != "obs-7")
                .Select(constraint => (node, FhirPathExpression.Compile(constraint.Expression, node.Type, FhirPathUse.Definition).Value)));
        }

        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foreach (var (node, expression) in work)
            {
                expression.Predicate(node);
            }
        }
    }

    [Fact]
    public async Task ServesManyThreads()
    {
        var expression = FhirPathExpression.Compile("descendants().ofType(string).select($this & 'x').distinct().count()").Value;
        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 200).Select(_ => expression.Evaluate(Observation)[0].Integer).Distinct().ToList())));
        Assert.Equal(7, Assert.Single(counts.SelectMany(count => count).Distinct()));
    }

    private static Node Parse(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value.Root;
}

using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using Microsoft.Extensions.Time.Testing;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Profiles;

/// <summary>Fixed values and patterns of every data type that a parameter may have, and limits of every type that has an order.</summary>
public class FixedAndPatternTests
{
    /// <summary>Type, a value, another value, and for complex types the first value with more in it.</summary>
    private static readonly (string Type, string Value, string Other, string? More)[] Samples =
    [
        ("Boolean", "true", "false", null),
        ("Integer", "1", "2", null),
        ("PositiveInt", "1", "2", null),
        ("UnsignedInt", "0", "2", null),
        ("Decimal", "1.5", "1.6", null),
        ("String", "\"a\"", "\"b\"", null),
        ("Markdown", "\"a\"", "\"b\"", null),
        ("Code", "\"a\"", "\"A\"", null),
        ("Id", "\"a\"", "\"b\"", null),
        ("Uri", "\"http://example.org/a\"", "\"http://example.org/b\"", null),
        ("Url", "\"http://example.org/a\"", "\"http://example.org/b\"", null),
        ("Canonical", "\"http://example.org/a\"", "\"http://example.org/a|1\"", null),
        ("Oid", "\"urn:oid:1.2.3\"", "\"urn:oid:1.2.4\"", null),
        ("Uuid", "\"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7\"", "\"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b8\"", null),
        ("Base64Binary", "\"eHh4\"", "\"eHh5\"", null),
        ("Date", "\"2020-01-01\"", "\"2020-01\"", null),
        ("DateTime", "\"2020-01-01T10:00:00Z\"", "\"2020-01-01T10:00:01Z\"", null),
        ("Instant", "\"2020-01-01T10:00:00Z\"", "\"2020-01-01T10:00:01Z\"", null),
        ("Time", "\"10:00:00\"", "\"10:00:01\"", null),
        ("Coding", """{"system":"http://example.org/s","code":"a"}""", """{"system":"http://example.org/s","code":"b"}""", """{"system":"http://example.org/s","code":"a","display":"A"}"""),
        ("CodeableConcept", """{"coding":[{"system":"http://example.org/s","code":"a"}]}""", """{"coding":[{"system":"http://example.org/s","code":"b"}]}""",
            """{"coding":[{"system":"http://example.org/t","code":"x"},{"system":"http://example.org/s","code":"a"}],"text":"A"}"""),
        ("Quantity", """{"value":1,"unit":"mg"}""", """{"value":2,"unit":"mg"}""", """{"value":1,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}"""),
        ("Period", """{"start":"2020"}""", """{"start":"2021"}""", """{"start":"2020","end":"2021"}"""),
        ("Range", """{"low":{"value":1}}""", """{"low":{"value":2}}""", """{"low":{"value":1},"high":{"value":3}}"""),
        ("Ratio", """{"numerator":{"value":1},"denominator":{"value":2}}""", """{"numerator":{"value":1},"denominator":{"value":3}}""", """{"numerator":{"value":1,"unit":"x"},"denominator":{"value":2}}"""),
        ("Identifier", """{"system":"http://example.org/i","value":"1"}""", """{"system":"http://example.org/i","value":"2"}""", """{"use":"official","system":"http://example.org/i","value":"1"}"""),
        ("HumanName", """{"family":"A","given":["B"]}""", """{"family":"A","given":["C"]}""", """{"family":"A","given":["X","B"],"text":"A"}"""),
        ("Address", """{"city":"A","line":["B"]}""", """{"city":"A","line":["C"]}""", """{"city":"A","line":["B","C"],"country":"NL"}"""),
        ("ContactPoint", """{"system":"phone","value":"1"}""", """{"system":"phone","value":"2"}""", """{"system":"phone","value":"1","use":"work"}"""),
        ("Money", """{"value":1,"currency":"EUR"}""", """{"value":1,"currency":"USD"}""", null),
        ("Attachment", """{"contentType":"text/plain","url":"http://example.org/a"}""", """{"contentType":"text/plain","url":"http://example.org/b"}""", """{"contentType":"text/plain","url":"http://example.org/a","title":"A"}"""),
        ("Annotation", """{"text":"a"}""", """{"text":"b"}""", """{"text":"a","time":"2020"}"""),
        ("Reference", """{"reference":"Patient/1"}""", """{"reference":"Patient/2"}""", """{"reference":"Patient/1","display":"A"}"""),
        ("Timing", """{"event":["2020"]}""", """{"event":["2021"]}""", """{"event":["2020"],"code":{"text":"x"}}"""),
        ("Dosage", """{"text":"a"}""", """{"text":"b"}""", """{"text":"a","sequence":1}"""),
    ];

    public static TheoryData<string> Types => [.. Samples.Select(sample => sample.Type)];

    private static IReadOnlyList<string> Check(string demand, string type, string value)
    {
        var code = type is "Quantity" or "Period" or "Range" or "Ratio" or "Identifier" or "HumanName" or "Address" or "ContactPoint" or "Money" or "Attachment" or "Annotation" or "Reference" or "Timing" or "Dosage" or "Coding" or "CodeableConcept"
            ? type
            : char.ToLowerInvariant(type[0]) + type[1..];
        var profile = Profile("Parameters", $$$"""{"id":"Parameters.parameter.value[x]","path":"Parameters.parameter.value[x]","type":[{"code":"{{{code}}}"}],{{{demand}}}}""");
        return Errors($$$"""{"resourceType":"Parameters","parameter":[{"name":"p","value{{{type}}}":{{{value}}}}]}""", profile);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void AFixedValueIsMetByItselfAlone(string type)
    {
        var (_, value, other, more) = Samples.Single(sample => sample.Type == type);
        Assert.Empty(Check($"\"fixed{type}\":{value}", type, value));
        Assert.Equal(["ATC-V013 Parameters.parameter[0].value"], Check($"\"fixed{type}\":{value}", type, other));
        if (more is not null)
        {
            Assert.Equal(["ATC-V013 Parameters.parameter[0].value"], Check($"\"fixed{type}\":{value}", type, more));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void APatternIsMetByWhatHoldsIt(string type)
    {
        var (_, value, other, more) = Samples.Single(sample => sample.Type == type);
        Assert.Empty(Check($"\"pattern{type}\":{value}", type, value));
        Assert.Equal(["ATC-V014 Parameters.parameter[0].value"], Check($"\"pattern{type}\":{value}", type, other));
        if (more is not null)
        {
            Assert.Empty(Check($"\"pattern{type}\":{value}", type, more));
        }
    }

    [Theory]
    [InlineData("Integer", "5", "4", "6")]
    [InlineData("PositiveInt", "5", "4", "6")]
    [InlineData("Decimal", "1.5", "1.49", "1.51")]
    [InlineData("Date", "\"2020-06-15\"", "\"2020-06-14\"", "\"2020-06-16\"")]
    [InlineData("DateTime", "\"2020-06-15T10:00:00Z\"", "\"2020-06-15T11:59:59+02:00\"", "\"2020-06-15T10:00:01Z\"")]
    [InlineData("Instant", "\"2020-06-15T10:00:00Z\"", "\"2020-06-15T09:00:00Z\"", "\"2020-06-15T11:00:00Z\"")]
    [InlineData("Time", "\"10:00:00\"", "\"09:59:59\"", "\"10:00:01\"")]
    [InlineData("Quantity", """{"value":1,"system":"http://unitsofmeasure.org","code":"g"}""", """{"value":999,"system":"http://unitsofmeasure.org","code":"mg"}""", """{"value":1001,"system":"http://unitsofmeasure.org","code":"mg"}""")]
    public void LimitsHoldOnBothSides(string type, string limit, string below, string above)
    {
        Assert.Equal(["ATC-V015 Parameters.parameter[0].value"], Check($"\"minValue{type}\":{limit}", type, below));
        Assert.Empty(Check($"\"minValue{type}\":{limit}", type, limit));
        Assert.Empty(Check($"\"minValue{type}\":{limit}", type, above));
        Assert.Equal(["ATC-V016 Parameters.parameter[0].value"], Check($"\"maxValue{type}\":{limit}", type, above));
        Assert.Empty(Check($"\"maxValue{type}\":{limit}", type, limit));
        Assert.Empty(Check($"\"maxValue{type}\":{limit}", type, below));
    }

    /// <summary>Whether a date of less precision keeps to the limit cannot be told, unless all of it lies beyond.</summary>
    [Theory]
    [InlineData("\"2020\"", true)]
    [InlineData("\"2020-06\"", true)]
    [InlineData("\"2019\"", false)]
    public void ADateOfLessPrecisionThanItsLimitIsNotHeldAgainstIt(string date, bool passes)
        => Assert.Equal(passes ? [] : ["ATC-V015 Parameters.parameter[0].value"], Check("\"minValueDate\":\"2020-06-01\"", "Date", date));

    [Theory]
    [InlineData("""["A","A"]""", """["A","B"]""")]
    [InlineData("""["A","B"]""", """["B","A"]""")]
    [InlineData("""["A"]""", """["A","A"]""")]
    public void AFixedListHasTheSameItemsInTheSameOrder(string given, string other)
    {
        var fixedName = $$"""  "fixedHumanName":{"given":{{given}}} """;
        Assert.Empty(Check(fixedName, "HumanName", $$"""{"given":{{given}}}"""));
        Assert.Equal(["ATC-V013 Parameters.parameter[0].value"], Check(fixedName, "HumanName", $$"""{"given":{{other}}}"""));
    }

    /// <summary>R4, ElementDefinition.minValue[x]: a Duration "is subtracted from the current clock", that of maxValue[x] "is added".</summary>
    [Theory]
    [InlineData("minValue", "Date", 18, "a", "\"2008-11-30\"", "\"2008-11-29\"")]
    [InlineData("minValue", "Date", 18, "a", "\"2008\"", "\"2007\"")]
    [InlineData("maxValue", "Date", 0, "d", "\"2026-11-30\"", "\"2026-12-01\"")]
    [InlineData("maxValue", "DateTime", 2, "h", "\"2026-11-30T14:00:00Z\"", "\"2026-11-30T14:00:01Z\"")]
    [InlineData("maxValue", "DateTime", 2, "mo", "\"2027-01\"", "\"2027-02\"")]
    [InlineData("minValue", "Instant", 1, "wk", "\"2026-11-23T12:00:00Z\"", "\"2026-11-23T11:59:59Z\"")]
    public void ALimitMayCountFromNow(string limit, string type, int value, string unit, string within, string beyond)
    {
        var code = char.ToLowerInvariant(type[0]) + type[1..];
        var profile = Profile("Parameters",
            $$$"""{"id":"Parameters.parameter.value[x]","path":"Parameters.parameter.value[x]","type":[{"code":"{{{code}}}"}],"{{{limit}}}Quantity":{"value":{{{value}}},"system":"http://unitsofmeasure.org","code":"{{{unit}}}"}}""");
        var validator = new Validator(ConformanceSource.Official.With(profile), new FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero)));
        Assert.Empty(Errors(within));
        Assert.Equal([limit == "minValue" ? "ATC-V015" : "ATC-V016"], Errors(beyond));

        IEnumerable<string> Errors(string json) => validator
            .Validate(Read($$$"""{"resourceType":"Parameters","parameter":[{"name":"p","value{{{type}}}":{{{json}}}}]}"""), ValidateRequest.For(Url)).Issues.Where(issue => issue.IsError).Select(issue => issue.Rule!);
    }

    [Fact]
    public void ALimitFromNowThatIsNoTimeIsToldAsNotChecked()
        => Assert.Contains(
            Issues(Observation("\"effectiveDateTime\":\"2020\""), Profile("Observation", """{"id":"Observation.effective[x]","path":"Observation.effective[x]","type":[{"code":"dateTime"}],"minValueQuantity":{"value":1,"code":"mg"}}""")),
            issue => issue.Rule == "ATC-V003" && issue.Text.Contains("no duration", StringComparison.Ordinal));

    /// <summary>R4, ElementDefinition.contentReference: they "always reference the non-constrained definition".</summary>
    [Fact]
    public void WhatAnElementRefersToIsTheDefinitionWithoutConstraints()
    {
        // Questionnaire.item.item is a content reference.
        const string Nested = """{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"a","type":"group"MORE,"item":[{"linkId":"b","type":"string"}]}]}""";
        var inner = Profile("Questionnaire", """{"id":"Questionnaire.item.item.text","path":"Questionnaire.item.item.text","min":1}""");
        Assert.Equal(["ATC-V010 Questionnaire.item[0].item[0]"], Errors(Nested.Replace("MORE", "", StringComparison.Ordinal), inner));

        var outer = Profile("Questionnaire", """{"id":"Questionnaire.item.text","path":"Questionnaire.item.text","min":1}""");
        Assert.Equal(["ATC-V010 Questionnaire.item[0]"], Errors(Nested.Replace("MORE", "", StringComparison.Ordinal), outer));
        Assert.Empty(Errors(Nested.Replace("MORE", ",\"text\":\"x\"", StringComparison.Ordinal), outer));

        var both = Profile("Questionnaire", """{"id":"Questionnaire.item.text","path":"Questionnaire.item.text","min":1},{"id":"Questionnaire.item.item.prefix","path":"Questionnaire.item.item.prefix","min":1}""");
        Assert.Equal(["ATC-V010 Questionnaire.item[0].item[0]"], Errors(Nested.Replace("MORE", ",\"text\":\"x\"", StringComparison.Ordinal), both));
    }

    /// <summary>R4, ElementDefinition.fixed[x]: exactly. A display more is another value, though what is quoted of both is the same.</summary>
    [Theory]
    [InlineData("""{"system":"http://example.org/s","code":"a","display":"A"}""", "The profile fixes this value to http://example.org/s|a, and nothing beside it; here is more, or less.")]
    [InlineData("""{"system":"http://example.org/s","code":"b"}""", "The profile fixes this value to http://example.org/s|a; found http://example.org/s|b.")]
    public void WhatDiffersFromAFixedValueIsTold(string coding, string expected)
    {
        var validator = new Validator(ConformanceSource.Official.With(ProfileFixture.Read("""
            {"resourceType":"StructureDefinition","url":"http://example.org/fixed","name":"F","status":"active","kind":"resource","abstract":false,"type":"Observation",
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint","differential":{"element":[
             {"id":"Observation.code","path":"Observation.code","fixedCodeableConcept":{"coding":[{"system":"http://example.org/s","code":"a"}]}}]}}
            """)));
        var issues = validator.Validate(ProfileFixture.Read($$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{{{coding}}}]}}"""), ValidateRequest.For("http://example.org/fixed")).Issues;
        Assert.Equal([expected], issues.Where(issue => issue.Rule == "ATC-V013").Select(issue => issue.Text));
    }
}

using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Tests.R4.Documents;

public class ResourceDocumentTests
{
    private static ResourceDocument WithOneFault(string json, StructureRule rule)
    {
        var document = Json.Read(json);
        var issue = Assert.Single(document.Issues);
        Assert.Equal(rule.Id, issue.Rule);
        Assert.False(document.IsWellFormed);
        return document;
    }

    private static Issue FailureOf(string text, DocumentLimits? limits = null)
    {
        Assert.False(ResourceDocument.Parse(Encoding.UTF8.GetBytes(text), limits).TryGet(out _, out var failure));
        return Assert.Single(failure.Issues);
    }

    [Fact]
    public void OccurrencesStandTogetherThoughTheExtensionsOfTheLastStandApart()
    {
        var name = ResourceDocument.Parse("""{"resourceType":"Patient","name":[{"given":["a"],"family":"x","_given":[null,{"id":"b"},{"id":"c"}]}]}"""u8.ToArray()).Value.Root.Child("name");
        Assert.Equal(["given[0]", "given[1]", "given[2]", "family"], name.Children.ToList().Select(child => child.Expression["Patient.name[0].".Length..]));
        Assert.Equal(3, name.ChildrenOf("given").Count);
    }

    [Fact]
    public void AValidResourceHasNoIssuesAndKeepsItsBytes()
    {
        const string json = """{ "resourceType" : "Observation", "status":"final", "code":{"text":"x"}, "valueQuantity":{"value":1.00,"unit":"mg"} }""";

        var document = Json.Read(json);

        Assert.Empty(document.Issues);
        Assert.Equal("Observation", document.ResourceType);
        Assert.Equal(json, document.Text());
        Assert.Equal("1.00", document.Root.Child("value").Child("value").Text);
    }

    [Fact]
    public void ANodeKnowsItsTypeNameExpressionAndPosition()
    {
        var document = Json.Read("{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"code\":\"a\"},\n  {\"code\":\"b\"}]},\"valueInteger\":3}");

        var second = document.Root.Child("code").ChildrenOf("coding").ToList()[1].Child("code");

        Assert.Equal("Observation.code.coding[1].code", second.Expression);
        Assert.Equal((2, 11), second.Position);
        Assert.Equal("code", second.Type.Name);
        Assert.Equal("integer", document.Root.Child("value").Type.Name);
        Assert.Equal("Observation.value", document.Root.Child("value").Expression);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","birthDate":"1950","_birthDate":{"extension":[{"url":"http://x.org","valueString":"y"}]}}""")]
    [InlineData("""{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://x.org","valueString":"y"}]},"birthDate":"1950"}""")]
    public void TheUnderscoreSiblingBelongsToThePrimitiveInEitherOrder(string json)
    {
        var document = Json.Read(json);

        Assert.Empty(document.Issues);
        var birthDate = Assert.Single(document.Root.ChildrenOf("birthDate").ToList());
        Assert.Equal("1950", birthDate.Text);
        Assert.Equal("http://x.org", birthDate.Child("extension").Child("url").Text);
    }

    [Fact]
    public void NullsInAPrimitiveArrayStandForExtensionsOnly()
    {
        var document = Json.Read("""{"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,{"id":"g","extension":[{"url":"http://x.org","valueString":"y"}]}]}]}""");

        Assert.Empty(document.Issues);
        var given = document.Root.Child("name").ChildrenOf("given").ToList();
        Assert.Equal(["A", null], given.Select(node => node.Text));
        Assert.True(given[1].Child("extension").Exists);
    }

    [Fact]
    public void ANullWithoutAnExtensionIsAFault()
        => WithOneFault("""{"resourceType":"Patient","name":[{"given":["A",null]}]}""", StructureRule.Empty);

    [Fact]
    public void AnUnknownElementIsNamedWithTheNearestKnownOne()
    {
        var document = WithOneFault("{\"resourceType\":\"Patient\",\n \"brithDate\":\"1950\"}", StructureRule.UnknownElement);

        Assert.Contains("Did you mean 'birthDate'?", document.Issues[0].Text, StringComparison.Ordinal);
        Assert.Equal((2, 2), (document.Issues[0].Line, document.Issues[0].Column));
    }

    [Fact]
    public void ADuplicatePropertyIsAFault()
        => WithOneFault("""{"resourceType":"Patient","active":true,"active":false}""", StructureRule.DuplicateElement);

    [Fact]
    public void ASecondTypeOfAChoiceIsAFault()
        => WithOneFault("""{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2019"}""", StructureRule.TwoTypesOfChoice);

    [Fact]
    public void AMissingRequiredElementIsAFaultAtItsParent()
    {
        var document = WithOneFault("""{"resourceType":"Observation","status":"final"}""", StructureRule.Missing);
        Assert.Equal("Observation", document.Issues[0].Expression);
        Assert.Equal(IssueCode.Required, document.Issues[0].Code);
    }

    [Fact]
    public void ARepeatingElementMustBeAnArray()
        => WithOneFault("""{"resourceType":"Patient","name":{"text":"x"}}""", StructureRule.ShouldBeArray);

    [Fact]
    public void ASingleElementMustNotBeAnArray()
        => WithOneFault("""{"resourceType":"Patient","birthDate":["1950"]}""", StructureRule.ShouldNotBeArray);

    [Theory]
    [InlineData("""{"resourceType":"Patient","name":[]}""")]
    [InlineData("""{"resourceType":"Patient","maritalStatus":{}}""")]
    [InlineData("""{"resourceType":"Patient","maritalStatus":{"id":"a"}}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":"1950","_birthDate":{}}""")]
    public void WhatHasNoContentIsAFault(string json) => WithOneFault(json, StructureRule.Empty);

    [Theory]
    [InlineData("""{"resourceType":"Patient","active":"true"}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":1950}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":null}""")]
    [InlineData("""{"resourceType":"Patient","maritalStatus":"married"}""")]
    public void AWrongJsonTypeIsAFault(string json) => WithOneFault(json, StructureRule.WrongJsonType);

    [Theory]
    [InlineData("birthDate", "2023-02-30")]
    [InlineData("birthDate", "23-2-3")]
    [InlineData("deceasedDateTime", "2023-02-28T10:00")]
    [InlineData("deceasedDateTime", "2023-02-28T10:00:00")]
    [InlineData("id", "a_b")]
    [InlineData("implicitRules", "a b")]
    public void ABadPrimitiveIsAFaultAtItsElement(string name, string value)
        => WithOneFault($$"""{"resourceType":"Patient","{{name}}":"{{value}}"}""", StructureRule.BadValue);

    [Fact]
    public void ACodeOutsideARequiredBindingNamesTheAllowedOnes()
    {
        var document = WithOneFault("""{"resourceType":"Patient","gender":"malee"}""", StructureRule.BadCode);
        Assert.Equal("Patient.gender", document.Issues[0].Expression);
        Assert.Contains("male", document.Issues[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ContainedAndEntryResourcesHaveTheirOwnType()
    {
        var bundle = Json.Read("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"id":"1","resourceType":"Patient","active":true}}]}""");

        Assert.Empty(bundle.Issues);
        var patient = bundle.Root.Child("entry").Child("resource");
        Assert.Equal("Patient", patient.Type.Name);
        Assert.Equal("Bundle.entry[0].resource.active", patient.Child("active").Expression);
        Assert.Equal(patient, patient.Child("active").Resource);
    }

    [Fact]
    public void AnUnknownResourceInsideIsAFaultAndTheRestIsRead()
    {
        var bundle = WithOneFault(
            """{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patiend"}}],"type":"collection"}""",
            StructureRule.NotAResource);
        Assert.Equal("collection", bundle.Root.Child("type").Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{")]
    [InlineData("""{"resourceType":"Patient","active":tru""")]
    [InlineData("""{"resourceType":"Patient"} x""")]
    [InlineData("""{"resourceType":"Patient",}""")]
    public void WhatIsNoJsonFailsWithAPosition(string text) => Assert.Equal(StructureRule.NotJson.Id, FailureOf(text).Rule);

    [Theory]
    [InlineData("", "There is nothing here; a resource is a JSON object.")]
    [InlineData(" \n", "There is nothing here; a resource is a JSON object.")]
    [InlineData("{\"resourceType\":\"Patient\"", "The JSON ends too early.")]
    [InlineData("{\"resourceType\":\"Patient\",", "The JSON ends too early.")]
    [InlineData("{\"resourceType\":", "The JSON ends too early.")]
    [InlineData("{\"resourceType\":\"Patient\"]", "The text is not JSON from here on.")]
    public void WhatIsMissingOfAJsonTextIsTold(string text, string told) => Assert.Equal(told, FailureOf(text).Text);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"resourceType":"Patiend"}""")]
    [InlineData("""{"resourceType":"DomainResource"}""")]
    [InlineData("""{"resourceType":7}""")]
    public void WhatIsNoResourceFails(string text) => Assert.Equal(StructureRule.NotAResource.Id, FailureOf(text).Rule);

    [Fact]
    public void NestingBeyondTheLimitFails()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"resourceType":"Parameters","parameter":[{"name":"a","part":[""", 1)) + string.Concat(Enumerable.Repeat("""{"name":"a","part":[""", 80));

        Assert.Equal(StructureRule.TooLarge.Id, FailureOf(deep).Rule);
    }

    [Fact]
    public void ALongerTextThanAllowedIsRefusedUnread()
        => Assert.Equal(StructureRule.TooLarge.Id, FailureOf("""{"resourceType":"Patient"}""", new DocumentLimits(MaxBytes: 10)).Rule);

    [Fact]
    public void WhatIsNotUtf8Fails()
    {
        Assert.False(ResourceDocument.Parse(new byte[] { (byte)'{', 0xC3, 0x28, (byte)'}' }).TryGet(out _, out var failure));
        Assert.Equal(StructureRule.NotUtf8.Id, failure.Issues[0].Rule);
    }

    [Fact]
    public void HalfASurrogatePairIsAFault()
        => WithOneFault("""{"resourceType":"Patient","name":[{"text":"a\ud800b"}]}""", StructureRule.BadValue);

    [Fact]
    public void EscapedValuesAreComparedAndReadUnescaped()
    {
        var text = Json.Read("""{"resourceType":"Patient","name":[{"text":"J\u00f6rg \"x\""}]}""").Root.Child("name").Child("text");

        Assert.Equal("Jörg \"x\"", text.Text);
        Assert.True(text.TextEquals("Jörg \"x\""u8));
        Assert.True(text.TextEquals("Jörg \"x\""));
    }

    [Theory]
    [InlineData("Jörg", "Jörg", true)]
    [InlineData("Jörg", "Jorg", false)]
    [InlineData("Jorg", "Jörg", false)]
    [InlineData("Jorg", "Jorg", true)]
    [InlineData("Jorg", "jorg", false)]
    [InlineData("Jorg", "Jor", false)]
    public void AValueIsComparedWithAText(string written, string text, bool isEqual)
        => Assert.Equal(isEqual, Json.Read($$"""{"resourceType":"Patient","name":[{"text":"{{written}}"}]}""").Root.Child("name").Child("text").TextEquals(text));

    [Fact]
    public void FaultsBeyondTheLimitAreCounted()
    {
        var json = """{"resourceType":"Patient",""" + string.Join(',', Enumerable.Range(0, 30).Select(i => $"\"q{i}\":1")) + "}";

        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json), new DocumentLimits(MaxIssues: 10)).Value;

        Assert.Equal(11, document.Issues.Count);
        Assert.StartsWith("20 more", document.Issues[^1].Text, StringComparison.Ordinal);
    }
}

using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Profiles;

/// <summary>Slices: by value, pattern, type, profile, existence, through extensions and references; order, openness, reslices.</summary>
public class SlicingTests
{
    private const string A = """{"code":{"coding":[{"system":"http://example.org/s","code":"a"}]},"valueInteger":1}""";
    private const string B = """{"code":{"coding":[{"system":"http://example.org/s","code":"b"}]},"valueInteger":2}""";
    private const string Other = """{"code":{"coding":[{"system":"http://example.org/s","code":"c"}]}}""";

    private static string Components(string rules, bool ordered = false, string more = "") =>
        $$$"""
        {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"pattern","path":"code"}],"rules":"{{{rules}}}","ordered":{{{(ordered ? "true" : "false")}}}}},
        {"id":"Observation.component:a","path":"Observation.component","sliceName":"a","min":1,"max":"1"},
        {"id":"Observation.component:a.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"system":"http://example.org/s","code":"a"}]}},
        {"id":"Observation.component:a.value[x]","path":"Observation.component.value[x]","min":1},
        {"id":"Observation.component:b","path":"Observation.component","sliceName":"b","max":"1"},
        {"id":"Observation.component:b.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"system":"http://example.org/s","code":"b"}]}}{{{more}}}
        """;

    private static IReadOnlyList<string> Check(string elements, params string[] components)
        => Errors(Observation($"\"component\":[{string.Join(',', components)}]"), Profile("Observation", elements));

    [Fact]
    public void MembersOfOpenSlicesMayHaveOthersAmongThem() => Assert.Empty(Check(Components("open"), Other, A, B));

    [Fact]
    public void AMissingSliceIsReportedAtTheParent() => Assert.Equal(["ATC-V030 Observation"], Check(Components("open"), B));

    [Fact]
    public void TooManyOfASliceAreReportedAtTheParent() => Assert.Equal(["ATC-V031 Observation"], Check(Components("open"), A, A));

    [Fact]
    public void AClosedSlicingTakesNoOthers() => Assert.Equal(["ATC-V032 Observation.component[1]"], Check(Components("closed"), A, Other));

    [Fact]
    public void TheNearestSliceIsNamed()
        => Assert.Contains(
            Issues(Observation($"\"component\":[{A},{Other}]"), Profile("Observation", Components("closed"))),
            issue => issue.Text.Contains("Closest is slice 'a': it needs code with http://example.org/s|a", StringComparison.Ordinal));

    [Fact]
    public void OrderedSlicesFollowEachOther() => Assert.Equal(["ATC-V033 Observation.component[1]"], Check(Components("open", ordered: true), B, A));

    [Fact]
    public void OpenAtEndWantsOthersLast() => Assert.Equal(["ATC-V034 Observation.component[0]"], Check(Components("openAtEnd"), Other, A));

    [Fact]
    public void TheRulesOfASliceHoldForItsMembers()
        => Assert.Equal(["ATC-V010 Observation.component[0]"], Check(Components("open"), """{"code":{"coding":[{"system":"http://example.org/s","code":"a"}]}}"""));

    /// <summary>HL7's validator says that it cannot evaluate such a slicing: docs/validation/differences.md.</summary>
    [Fact]
    public void AResliceDividesItsSlice()
    {
        var elements = Components("open", more:
            """
            ,{"id":"Observation.component:b/yes","path":"Observation.component","sliceName":"b/yes","min":1},
            {"id":"Observation.component:b/yes.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"system":"http://example.org/s","code":"b"}],"text":"yes"}}
            """);
        Assert.Equal(["ATC-V030 Observation"], Check(elements, A, B));
        Assert.Empty(Check(elements, A, """{"code":{"coding":[{"system":"http://example.org/s","code":"b"}],"text":"yes"}}"""));
    }

    [Fact]
    public void AChoiceIsSlicedByType()
    {
        const string Elements =
            """
            {"id":"Observation.value[x]","path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"open"}},
            {"id":"Observation.value[x]:valueQuantity","path":"Observation.value[x]","sliceName":"valueQuantity","type":[{"code":"Quantity"}]},
            {"id":"Observation.value[x]:valueQuantity.unit","path":"Observation.value[x].unit","min":1}
            """;
        Assert.Empty(Errors(Observation("\"valueString\":\"x\""), Profile("Observation", Elements)));
        Assert.Equal(["ATC-V010 Observation.value"], Errors(Observation("\"valueQuantity\":{\"value\":1}"), Profile("Observation", Elements)));
    }

    [Fact]
    public void ARenamedChoicePathAllowsOnlyThatType()
    {
        const string Element = """{"id":"Observation.valueQuantity","path":"Observation.valueQuantity","min":1}""";
        Assert.Contains("ATC-V012 Observation.value", Errors(Observation("\"valueString\":\"x\""), Profile("Observation", Element)));
        Assert.Empty(Errors(Observation("\"valueQuantity\":{\"value\":1}"), Profile("Observation", Element)));
    }

    [Fact]
    public void ExistenceTells()
    {
        const string Elements =
            """
            {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"exists","path":"value"}],"rules":"open"}},
            {"id":"Observation.component:with","path":"Observation.component","sliceName":"with","min":1},
            {"id":"Observation.component:with.value[x]","path":"Observation.component.value[x]","min":1},
            {"id":"Observation.component:without","path":"Observation.component","sliceName":"without","max":"1"},
            {"id":"Observation.component:without.value[x]","path":"Observation.component.value[x]","max":"0"}
            """;
        Assert.Empty(Check(Elements, A, Other));
        Assert.Equal(["ATC-V030 Observation"], Check(Elements, Other));
        Assert.Equal(["ATC-V031 Observation"], Check(Elements, A, Other, Other));
    }

    [Fact]
    public void ReferencesAreSlicedByTheTypeOfTheirTarget()
    {
        const string Elements =
            """
            {"id":"Observation.performer","path":"Observation.performer","slicing":{"discriminator":[{"type":"type","path":"$this.resolve()"}],"rules":"open"}},
            {"id":"Observation.performer:who","path":"Observation.performer","sliceName":"who","min":1,"type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Practitioner"]}]}
            """;
        Assert.Empty(Errors(Observation("\"performer\":[{\"reference\":\"Organization/1\"},{\"reference\":\"Practitioner/1\"}]"), Profile("Observation", Elements)));
        Assert.Equal(["ATC-V030 Observation"], Errors(Observation("\"performer\":[{\"reference\":\"Organization/1\"}]"), Profile("Observation", Elements)));
    }

    [Fact]
    public void EntriesOfABundleAreSlicedByProfile()
    {
        var patient = Profile("Patient", """{"id":"Patient.active","path":"Patient.active","min":1}""", "http://example.org/StructureDefinition/active");
        var bundle = Profile("Bundle",
            """
            {"id":"Bundle.entry","path":"Bundle.entry","slicing":{"discriminator":[{"type":"profile","path":"resource"}],"rules":"open"}},
            {"id":"Bundle.entry:active","path":"Bundle.entry","sliceName":"active","min":1,"max":"1"},
            {"id":"Bundle.entry:active.resource","path":"Bundle.entry.resource","type":[{"code":"Patient","profile":["http://example.org/StructureDefinition/active"]}]}
            """);
        const string Entry = """{"fullUrl":"http://example.org/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1"ACTIVE}}""";
        string Bundle(string active) => $$"""{"resourceType":"Bundle","type":"collection","entry":[{{Entry.Replace("ACTIVE", active, StringComparison.Ordinal)}}]}""";
        Assert.Empty(Errors(Bundle(",\"active\":true"), patient, bundle));
        Assert.Equal(["ATC-V030 Bundle"], Errors(Bundle(""), patient, bundle));
    }

    [Fact]
    public void ExtensionsAreSlicedByTheirUrl()
    {
        const string Elements =
            """
            {"id":"Patient.extension:place","path":"Patient.extension","sliceName":"place","min":1,"max":"1","type":[{"code":"Extension","profile":["http://hl7.org/fhir/StructureDefinition/patient-birthPlace"]}]}
            """;
        const string Place = """{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"city":"Nijmegen"}}""";
        Assert.Empty(Errors($$"""{"resourceType":"Patient","extension":[{"url":"http://example.org/x","valueString":"y"},{{Place}}]}""", Profile("Patient", Elements)));
        Assert.Equal(["ATC-V030 Patient"], Errors("""{"resourceType":"Patient"}""", Profile("Patient", Elements)));
        Assert.Equal(["ATC-V031 Patient"], Errors($$"""{"resourceType":"Patient","extension":[{{Place}},{{Place}}]}""", Profile("Patient", Elements)));
    }

    /// <summary>HL7's validator says that it cannot evaluate such a slicing: docs/validation/differences.md.</summary>
    [Fact]
    public void TheDefaultSliceTakesWhatMatchesNoOther()
    {
        var elements = Components("open", more:
            """
            ,{"id":"Observation.component:@default","path":"Observation.component","sliceName":"@default"},
            {"id":"Observation.component:@default.value[x]","path":"Observation.component.value[x]","max":"0"}
            """);
        Assert.Empty(Check(elements, A, Other));
        Assert.Equal(["ATC-V011 Observation.component[1]"], Check(elements, A, """{"code":{"text":"c"},"valueInteger":3}"""));
    }

    [Fact]
    public void ADefaultSliceClosesWhatItDoesNotAllow()
    {
        var elements = Components("closed", more: """,{"id":"Observation.component:@default","path":"Observation.component","sliceName":"@default","max":"1"}""");
        Assert.Empty(Check(elements, A, Other));
        Assert.Equal(["ATC-V031 Observation"], Check(elements, A, Other, Other));
    }

    [Fact]
    public void OpenAtEndAllowsOthersAtTheEnd() => Assert.Empty(Check(Components("openAtEnd"), A, B, Other));

    [Fact]
    public void OrderedSlicesMayLeaveOneOut() => Assert.Empty(Check(Components("open", ordered: true), A, Other, B));

    [Fact]
    public void AClosedResliceTakesNoOthersOfItsSlice()
    {
        var elements = Components("open", more:
            """
            ,{"id":"Observation.component:b/yes","path":"Observation.component","sliceName":"b/yes"},
            {"id":"Observation.component:b/yes.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"system":"http://example.org/s","code":"b"}],"text":"yes"}}
            """).Replace("\"sliceName\":\"b\",", "\"sliceName\":\"b\",\"slicing\":{\"discriminator\":[{\"type\":\"pattern\",\"path\":\"code\"}],\"rules\":\"closed\"},", StringComparison.Ordinal);
        Assert.Equal(["ATC-V032 Observation.component[1]"], Check(elements, A, B));
        Assert.Empty(Check(elements, A, """{"code":{"coding":[{"system":"http://example.org/s","code":"b"}],"text":"yes"}}"""));
    }

    [Fact]
    public void AValueInTwoSlicesIsAmbiguous()
    {
        const string Elements =
            """
            {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"pattern","path":"code"}],"rules":"open"}},
            {"id":"Observation.component:a","path":"Observation.component","sliceName":"a"},
            {"id":"Observation.component:a.code","path":"Observation.component.code","patternCodeableConcept":{"text":"x"}},
            {"id":"Observation.component:b","path":"Observation.component","sliceName":"b"},
            {"id":"Observation.component:b.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"code":"y"}]}}
            """;
        Assert.Equal(["ATC-V035 Observation.component[0]"], Check(Elements, """{"code":{"coding":[{"code":"y"}],"text":"x"}}"""));
    }

    [Fact]
    public void DiscriminatorsHoldTogether()
    {
        const string Elements =
            """
            {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"},{"type":"value","path":"use"}],"rules":"open"}},
            {"id":"Patient.identifier:mrn","path":"Patient.identifier","sliceName":"mrn","min":1},
            {"id":"Patient.identifier:mrn.system","path":"Patient.identifier.system","fixedUri":"http://example.org/mrn"},
            {"id":"Patient.identifier:mrn.use","path":"Patient.identifier.use","fixedCode":"official"}
            """;
        Assert.Empty(Errors("""{"resourceType":"Patient","identifier":[{"system":"http://example.org/mrn","use":"official"}]}""", Profile("Patient", Elements)));
        Assert.Equal(["ATC-V030 Patient"], Errors("""{"resourceType":"Patient","identifier":[{"system":"http://example.org/mrn","use":"usual"}]}""", Profile("Patient", Elements)));
    }
}

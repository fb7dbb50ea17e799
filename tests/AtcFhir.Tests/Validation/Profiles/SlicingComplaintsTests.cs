using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Profiles;

/// <summary>What users of other validators complain about in slicing; each test names the complaint.</summary>
public class SlicingComplaintsTests
{
    private const string Role = "http://example.org/StructureDefinition/role";

    private static readonly AtcFhir.R4.Documents.ResourceDocument RoleExtension = Read(
        $$$"""
        {"resourceType":"StructureDefinition","url":"{{{Role}}}","name":"Role","status":"active","kind":"complex-type","abstract":false,"type":"Extension","context":[{"type":"element","expression":"Element"}],
         "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint",
         "differential":{"element":[{"id":"Extension","path":"Extension"},{"id":"Extension.url","path":"Extension.url","fixedUri":"{{{Role}}}"},{"id":"Extension.value[x]","path":"Extension.value[x]","type":[{"code":"code"}]}]}}
        """);

    /// <summary>FirelyTeam/firely-validator-api#654: a discriminator that tells nothing does not make the profile unusable when another one tells.</summary>
    [Fact]
    public void ASilentDiscriminatorIsLeftOut()
    {
        const string Elements =
            """
            {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"},{"type":"value","path":"period"}],"rules":"open"}},
            {"id":"Patient.identifier:mrn","path":"Patient.identifier","sliceName":"mrn","min":1},
            {"id":"Patient.identifier:mrn.system","path":"Patient.identifier.system","fixedUri":"http://example.org/mrn"}
            """;
        Assert.Empty(Errors("""{"resourceType":"Patient","identifier":[{"system":"http://example.org/mrn"}]}""", Profile("Patient", Elements)));
        Assert.Equal(["ATC-V030 Patient"], Errors("""{"resourceType":"Patient","identifier":[{"system":"http://example.org/other"}]}""", Profile("Patient", Elements)));
    }

    /// <summary>FirelyTeam/firely-validator-api#336: the value at the path follows from a pattern further up.</summary>
    [Fact]
    public void APatternFurtherUpTellsToo()
    {
        const string Elements =
            """
            {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"value","path":"code.coding.code"}],"rules":"open"}},
            {"id":"Observation.component:a","path":"Observation.component","sliceName":"a","min":1},
            {"id":"Observation.component:a.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"system":"http://example.org/s","code":"a"}]}}
            """;
        const string A = """{"code":{"coding":[{"system":"http://example.org/s","code":"a"}]}}""";
        Assert.Empty(Errors(Observation($"\"component\":[{A}]"), Profile("Observation", Elements)));
        Assert.Equal(["ATC-V030 Observation"], Errors(Observation($"\"component\":[{A.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}]"), Profile("Observation", Elements)));
    }

    /// <summary>FirelyTeam/firely-net-sdk#648: slices inside slices.</summary>
    [Fact]
    public void SlicesInsideASliceAreCheckedInItsMembersOnly()
    {
        const string Elements =
            """
            {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"value","path":"code.text"}],"rules":"open"}},
            {"id":"Observation.component:a","path":"Observation.component","sliceName":"a"},
            {"id":"Observation.component:a.code.coding","path":"Observation.component.code.coding","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
            {"id":"Observation.component:a.code.coding:loinc","path":"Observation.component.code.coding","sliceName":"loinc","min":1},
            {"id":"Observation.component:a.code.coding:loinc.system","path":"Observation.component.code.coding.system","fixedUri":"http://loinc.org"},
            {"id":"Observation.component:a.code.text","path":"Observation.component.code.text","fixedString":"a"}
            """;
        const string Loinc = """{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}],"text":"a"}}""";
        Assert.Empty(Errors(Observation($$$"""  "component":[{{{Loinc}}},{"code":{"text":"b"}}]  """.Trim()), Profile("Observation", Elements)));
        Assert.Equal(["ATC-V030 Observation.component[0].code"], Errors(Observation("\"component\":[{\"code\":{\"text\":\"a\"}}]"), Profile("Observation", Elements)));
    }

    /// <summary>medplum/medplum#8677: the rules of one slice are not those of another.</summary>
    [Fact]
    public void EachMemberMeetsTheRulesOfItsOwnSlice()
    {
        const string Elements =
            """
            {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"value","path":"code.text"}],"rules":"open"}},
            {"id":"Observation.component:a","path":"Observation.component","sliceName":"a"},
            {"id":"Observation.component:a.code.text","path":"Observation.component.code.text","fixedString":"a"},
            {"id":"Observation.component:a.value[x]","path":"Observation.component.value[x]","type":[{"code":"integer"}]},
            {"id":"Observation.component:b","path":"Observation.component","sliceName":"b"},
            {"id":"Observation.component:b.code.text","path":"Observation.component.code.text","fixedString":"b"},
            {"id":"Observation.component:b.value[x]","path":"Observation.component.value[x]","type":[{"code":"string"}]}
            """;
        Assert.Empty(Errors(Observation("\"component\":[{\"code\":{\"text\":\"b\"},\"valueString\":\"x\"},{\"code\":{\"text\":\"a\"},\"valueInteger\":1}]"), Profile("Observation", Elements)));
        Assert.Equal(["ATC-V012 Observation.component[0].value"], Errors(Observation("\"component\":[{\"code\":{\"text\":\"b\"},\"valueInteger\":1}]"), Profile("Observation", Elements)));
    }

    /// <summary>FirelyTeam/firely-net-sdk#1246 and others: the path goes through an extension.</summary>
    [Fact]
    public void TheValueOfAnExtensionTells()
    {
        const string Elements =
            $$$"""
            {"id":"Patient.contact","path":"Patient.contact","slicing":{"discriminator":[{"type":"value","path":"extension('{{{Role}}}').value"}],"rules":"open"}},
            {"id":"Patient.contact:heir","path":"Patient.contact","sliceName":"heir","min":1},
            {"id":"Patient.contact:heir.extension:role","path":"Patient.contact.extension","sliceName":"role","min":1,"type":[{"code":"Extension","profile":["{{{Role}}}"]}]},
            {"id":"Patient.contact:heir.extension:role.value[x]","path":"Patient.contact.extension.value[x]","fixedCode":"heir"}
            """;
        string Patient(string role) => $$$"""{"resourceType":"Patient","contact":[{"extension":[{"url":"{{{Role}}}","valueCode":"{{{role}}}"}],"name":{"text":"x"}}]}""";
        Assert.Empty(Errors(Patient("heir"), RoleExtension, Profile("Patient", Elements)));
        Assert.Equal(["ATC-V030 Patient"], Errors(Patient("friend"), RoleExtension, Profile("Patient", Elements)));
    }

    [Fact]
    public void OfTypeInThePathTells()
    {
        const string Elements =
            """
            {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"value","path":"value.ofType(Quantity).code"}],"rules":"open"}},
            {"id":"Observation.component:mg","path":"Observation.component","sliceName":"mg","min":1},
            {"id":"Observation.component:mg.value[x]","path":"Observation.component.value[x]","type":[{"code":"Quantity"}]},
            {"id":"Observation.component:mg.value[x].code","path":"Observation.component.value[x].code","fixedCode":"mg"}
            """;
        string With(string value) => Observation($$$"""  "component":[{"code":{"text":"x"},{{{value}}}}]  """.Trim());
        Assert.Empty(Errors(With("\"valueQuantity\":{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"}"), Profile("Observation", Elements)));
        Assert.Equal(["ATC-V030 Observation"], Errors(With("\"valueString\":\"mg\""), Profile("Observation", Elements)));
    }

    [Fact]
    public void ARequiredBindingTells()
    {
        const string Elements =
            """
            {"id":"Observation.category","path":"Observation.category","slicing":{"discriminator":[{"type":"value","path":"$this"}],"rules":"open"}},
            {"id":"Observation.category:own","path":"Observation.category","sliceName":"own","min":1,"binding":{"strength":"required","valueSet":"http://example.org/ValueSet/v"}}
            """;
        var set = Read("""{"resourceType":"ValueSet","url":"http://example.org/ValueSet/v","status":"active","compose":{"include":[{"system":"http://example.org/s","concept":[{"code":"a"}]}]}}""");
        string With(string code) => Observation($$$"""  "category":[{"coding":[{"system":"http://example.org/s","code":"{{{code}}}"}]}]  """.Trim());
        Assert.Empty(Errors(With("a"), set, Profile("Observation", Elements)));
        Assert.Equal(["ATC-V030 Observation"], Errors(With("b"), set, Profile("Observation", Elements)));
    }

    /// <summary>hapifhir/hapi-fhir#7602: "no profile matches", and not a word why.</summary>
    [Fact]
    public void ThatNoTargetProfileMatchesComesWithTheReason()
    {
        var active = Profile("Patient", """{"id":"Patient.active","path":"Patient.active","min":1}""", "http://example.org/StructureDefinition/active");
        var profile = Profile("Observation", """{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","targetProfile":["http://example.org/StructureDefinition/active"]}]}""");
        var issue = Assert.Single(Issues(Observation("\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"p\"}],\"subject\":{\"reference\":\"#p\"}"), active, profile), issue => issue.IsError);
        Assert.Contains("active is missing", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ProfilesThatDemandEachOtherEnd()
    {
        const string Other = "http://example.org/StructureDefinition/other";
        string Member(string target) => $$$"""{"id":"Observation.hasMember","path":"Observation.hasMember","type":[{"code":"Reference","targetProfile":["{{{target}}}"]}]}""";
        var one = Profile("Observation", Member(Other));
        var other = Profile("Observation", Member(Url), Other);
        const string Circle = """
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"http://example.org/fhir/Observation/a","resource":{"resourceType":"Observation","id":"a","meta":{"profile":["http://example.org/StructureDefinition/p"]},"status":"final","code":{"text":"x"},"hasMember":[{"reference":"Observation/b"}]}},
              {"fullUrl":"http://example.org/fhir/Observation/b","resource":{"resourceType":"Observation","id":"b","status":"final","code":{"text":"x"},"hasMember":[{"reference":"Observation/a"}]}}]}
            """;
        Assert.DoesNotContain(new Validator(ConformanceSource.Official.With(one, other)).Validate(Read(Circle)).Issues, issue => issue.IsError);
    }

    [Fact]
    public void DefinitionsThatStandOnEachOtherAreUnusableAndSayIt()
    {
        const string Other = "http://example.org/StructureDefinition/other";
        var issues = Issues(Observation(), Profile("Observation", """{"id":"Observation.subject","path":"Observation.subject","min":1}""", baseUrl: Other), Profile("Observation", """{"id":"Observation.code","path":"Observation.code","min":1}""", Other, Url));
        Assert.Contains(issues, issue => issue.Rule == "ATC-V004" && issue.Text.Contains("circle", StringComparison.Ordinal));
    }
}

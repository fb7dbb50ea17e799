namespace AtcFhir.Tests.Server.Fhir;

/// <summary>What a write has to meet, by type, as configured. Each test names the settings that it runs under.</summary>
public class ValidationPolicyTests
{
    private const string VitalSigns = "http://hl7.org/fhir/StructureDefinition/vitalsigns";
    private const string BadPatient = """{"resourceType":"Patient","contact":[{"gender":"male"}]}""";
    private const string Claims = """{"resourceType":"Observation","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/vitalsigns"]},"status":"final","code":{"text":"x"}}""";

    [Fact]
    public async Task ATypeCanBeLeftUncheckedWhileOthersAreEnforced()
    {
        await using var app = ServerApp.OfPlainStudy("Validation:Types:Patient:OnWrite=Off");
        Assert.Equal(201, (await app.Post("Patient", BadPatient)).Status);
        (await app.Post("Observation", Claims)).Refuses(422, "required");
    }

    [Fact]
    public async Task ATypeCanBeEnforcedWhileOthersAreNot()
    {
        await using var app = ServerApp.OfPlainStudy("Validation:OnWrite=Off", "Validation:Types:Patient:OnWrite=Enforce");
        (await app.Post("Patient", BadPatient)).Refuses(422, "invariant");
        Assert.Equal(201, (await app.Post("Observation", Claims)).Status);
    }

    [Fact]
    public async Task AWriteCanBeWarnedOfInsteadOfRefused()
    {
        await using var app = ServerApp.OfPlainStudy("Validation:OnWrite=Warn");
        var answer = await app.Post("Patient", BadPatient, ("Prefer", "return=OperationOutcome"));
        Assert.Equal(201, answer.Status);
        Assert.Contains("pat-1", answer.Text, StringComparison.Ordinal);
        (await app.Post("Patient", """{"resourceType":"Patient","nickname":"x"}""")).Refuses(400, "structure");
    }

    [Fact]
    public async Task ATypeCanBeHeldToItsBaseOnly()
    {
        await using var app = ServerApp.OfPlainStudy("Validation:Types:Observation:BaseOnly=true");
        Assert.Equal(201, (await app.Post("Observation", Claims)).Status);
        (await app.Post("Observation", """{"resourceType":"Observation","code":{"text":"x"}}""")).Refuses(422, "required");
    }

    [Fact]
    public async Task ATypeCanBeHeldToProfilesThatItDoesNotClaim()
    {
        await using var app = ServerApp.OfPlainStudy($"Validation:Types:Observation:Profiles:0={VitalSigns}");
        (await app.Post("Observation", """{"resourceType":"Observation","status":"final","code":{"text":"x"}}""")).Refuses(422, "required");
    }

    [Fact]
    public async Task ASuppressionWithAReasonLetsAWriteThrough()
    {
        await using var app = ServerApp.OfPlainStudy("Validation:Suppress:0:Rule=ATC-V050:pat-1", "Validation:Suppress:0:Path=Patient.contact", "Validation:Suppress:0:Reason=cleaned up in March");
        Assert.Equal(201, (await app.Post("Patient", BadPatient)).Status);
        Assert.Contains("suppressed here (cleaned up in March)", (await app.Post("Patient/$validate", BadPatient)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BestPracticesCanBeAskedFor()
    {
        await using var app = ServerApp.OfPlainStudy("Validation:BestPractice=Error");
        (await app.Post("Patient", """{"resourceType":"Patient","active":true}""")).Refuses(422, "business-rule");
    }

    [Fact]
    public async Task ExtensionsThatNobodyDefinesCanBeRefused()
    {
        const string Extended = """{"resourceType":"Patient","extension":[{"url":"http://example.org/nobody","valueBoolean":true}]}""";
        await using var open = ServerApp.OfPlainStudy("Validation:Extensions=Any");
        Assert.Equal(201, (await open.Post("Patient", Extended)).Status);
        await using var closed = ServerApp.OfPlainStudy("Validation:Extensions=Known");
        (await closed.Post("Patient", Extended)).Refuses(422, "extension");
    }
}

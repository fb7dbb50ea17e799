using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Push;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Sync.Push;

/// <summary>The routes that deliver a record as a form or as a document.</summary>
public sealed class DocumentRouteTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    [Theory]
    [InlineData(DeliveryRoute.QuestionnaireResponse, true)]
    [InlineData(DeliveryRoute.DocumentReference, true)]
    [InlineData(DeliveryRoute.QuestionnaireResponse, false)]
    [InlineData(DeliveryRoute.DocumentReference, false)]
    public async Task ARecordArrivesOnceAndASecondRunWritesNothing(DeliveryRoute route, bool isPlain)
    {
        await using var world = await World(route, isPlain ? HospitalTraits.Plain : HospitalTraits.EpicLike);
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        var report = await world.Run();
        Assert.Empty(report.Faults);
        var delivered = Assert.Single(world.Hospital.Living(route.ToString())).Body;
        Assert.Equal("Patient/p1", delivered["subject"]!["reference"]!.GetValue<string>());
        Assert.Empty(world.Hospital.Living("AdverseEvent"));
        await world.Settle();
        var settled = await world.Totals();
        await world.Run();
        Assert.Equal(settled, await world.Totals());
    }

    [Theory]
    [InlineData(DeliveryRoute.QuestionnaireResponse)]
    [InlineData(DeliveryRoute.DocumentReference)]
    public async Task WhatIsDeliveredIsValidR4AndCarriesOurIdentifier(DeliveryRoute route)
    {
        await using var world = await World(route);
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Put(Own("own-1", subject.PatientId).ToJsonString());
        world.Options.Delivery["Observation"] = route;
        await world.Run();
        var delivered = world.Hospital.Living(route.ToString()).Select(pair => pair.Body).ToList();
        Assert.Equal(2, delivered.Count);
        foreach (var body in delivered)
        {
            AssertValid(body.ToJsonString());
            Assert.Contains("\"system\":\"urn:atcfhir:test\"", body.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AFormHasAnItemForEachValueOfTheRecord()
    {
        await using var world = await World(DeliveryRoute.QuestionnaireResponse);
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Run();
        var form = Assert.Single(world.Hospital.Living("QuestionnaireResponse")).Body;
        var answers = form["item"]!.AsArray().ToDictionary(item => item!["linkId"]!.GetValue<string>(), item => item!["answer"]![0]!.AsObject());
        Assert.Equal("completed", form["status"]!.GetValue<string>());
        Assert.Null(form["questionnaire"]); // None is published that has these items.
        Assert.Equal("Pneumonia", answers["term"]["valueString"]!.GetValue<string>());
        Assert.Equal("3", answers["grade"]["valueDecimal"]!.ToJsonString());
        Assert.True(answers["serious"]["valueBoolean"]!.GetValue<bool>());
        Assert.Equal("C83052", answers["criterion"]["valueCoding"]!["code"]!.GetValue<string>());
        Assert.Equal("2019-02-11", answers["record.time"]["valueDateTime"]!.GetValue<string>());
    }

    [Fact]
    public async Task ADocumentHoldsTheResourceWithNothingRelativeInside()
    {
        await using var world = await World(DeliveryRoute.DocumentReference);
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Run();
        var document = Assert.Single(world.Hospital.Living("DocumentReference")).Body;
        var inside = Inside(document);
        AssertValid(inside);
        var resource = JsonNode.Parse(inside)!;
        Assert.Equal("application/fhir+json", document["content"]![0]!["attachment"]!["contentType"]!.GetValue<string>());
        Assert.Equal("http://hospital.test/fhir/Patient/p1", resource["subject"]!["reference"]!.GetValue<string>());
        Assert.Null(resource["study"]![0]!["reference"]);
        Assert.NotNull(resource["study"]![0]!["display"]);
    }

    [Theory]
    [InlineData(DeliveryRoute.QuestionnaireResponse, true, 0)]
    [InlineData(DeliveryRoute.DocumentReference, true, 0)]
    [InlineData(DeliveryRoute.QuestionnaireResponse, false, 0)]
    [InlineData(DeliveryRoute.DocumentReference, false, 0)]
    [InlineData(DeliveryRoute.QuestionnaireResponse, false, 45)]
    [InlineData(DeliveryRoute.DocumentReference, false, 45)]
    public async Task ALostAnswerDoesNotDouble(DeliveryRoute route, bool isPlain, int indexLag)
    {
        await using var world = await World(route, (isPlain ? HospitalTraits.Plain : HospitalTraits.EpicLike) with { IndexLag = TimeSpan.FromSeconds(indexLag) });
        await world.Settle();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        var lost = 0;
        world.Hospital.Interfere = (request, done) =>
        {
            if (done && request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/" + route, StringComparison.Ordinal))
            {
                lost++;
                throw new HttpRequestException(HttpRequestError.ResponseEnded);
            }

            return null;
        };
        await world.Run();
        world.Hospital.Interfere = null;
        Assert.Equal(1, lost);

        // Corrected before the outcome is known: still the same record.
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, grade: 4));
        await world.Run();
        await world.Run();
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await world.Settle();
        var only = Assert.Single(world.Hospital.Living(route.ToString())).Body;
        var (said, grade) = route == DeliveryRoute.QuestionnaireResponse ? (only.ToJsonString(), "\"valueDecimal\":4") : (Inside(only), "C41337");
        Assert.Contains(grade, said, StringComparison.Ordinal);
        Assert.Empty(await TasksAbout(world, "AdverseEvent/ae-1"));
    }

    [Theory]
    [InlineData(DeliveryRoute.QuestionnaireResponse)]
    [InlineData(DeliveryRoute.DocumentReference)]
    public async Task ACorrectionIsANewVersion(DeliveryRoute route)
    {
        await using var world = await World(route);
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        var writes = world.Hospital.Writes;
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, grade: 4));
        await world.Settle();
        Assert.Equal(writes + 1, world.Hospital.Writes);
        Assert.Single(world.Hospital.Living(route.ToString()));
        Assert.Empty(await TasksAbout(world, "AdverseEvent/ae-1"));
    }

    [Theory]
    [InlineData(DeliveryRoute.QuestionnaireResponse)]
    [InlineData(DeliveryRoute.DocumentReference)]
    public async Task WhereNobodyMayUpdateACorrectionGoesToAPersonOnce(DeliveryRoute route)
    {
        await using var world = await World(route, HospitalTraits.Plain with { NoUpdateTypes = new HashSet<string> { route.ToString() } });
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, grade: 4));
        await world.Settle();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, grade: 2));
        await world.Settle();
        Assert.Single(await TasksAbout(world, "AdverseEvent/ae-1"));
        Assert.Single(world.Hospital.Living(route.ToString()));
        Assert.Single(world.Hospital.Requests, request => request.StartsWith($"PUT /fhir/{route}/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnotherRouteThanTheOneItWentByDoesNotOverwriteWhatIsThere()
    {
        await using var world = await World(DeliveryRoute.DocumentReference);
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        world.Options.Delivery["AdverseEvent"] = DeliveryRoute.QuestionnaireResponse;
        await world.Settle();
        Assert.Single(world.Hospital.Living("DocumentReference"));
        Assert.Empty(world.Hospital.Living("QuestionnaireResponse"));
        Assert.Single(await TasksAbout(world, "AdverseEvent/ae-1"));
    }

    [Theory]
    [InlineData(DeliveryRoute.QuestionnaireResponse)]
    [InlineData(DeliveryRoute.DocumentReference)]
    public async Task NothingThatCameFromTheHospitalOrWasDerivedFromItGoesOut(DeliveryRoute route)
    {
        await using var world = await World(route);
        world.Options.Delivery["Observation"] = route;
        world.AddCrp("crp-1", "p1", "12");
        var subject = await world.Enrol();
        await world.Settle();
        var crp = Assert.Single(await world.Trial("Observation"));
        var derived = Own("derived-1", subject.PatientId);
        derived["derivedFrom"] = new JsonArray(new JsonObject { ["reference"] = "Observation/" + crp["id"] });
        await world.Put(derived.ToJsonString());
        await world.Settle();
        Assert.Empty(world.Hospital.Living(route.ToString()));
        Assert.Single(world.Hospital.Living("Observation"));
    }

    [Theory]
    [InlineData(DeliveryRoute.QuestionnaireResponse)]
    [InlineData(DeliveryRoute.DocumentReference)]
    public async Task WhatIsDeliveredDoesNotNameTheTrialsPatient(DeliveryRoute route)
    {
        await using var world = await World(route);
        world.Sync.PublicBase = new Uri("https://trial.example/fhir/");
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Run();
        var body = Assert.Single(world.Hospital.Living(route.ToString())).Body;
        var text = body.ToJsonString() + (route == DeliveryRoute.DocumentReference ? Inside(body) : "");
        Assert.DoesNotContain("Patient/" + subject.PatientId, text, StringComparison.Ordinal);
    }

    private static async Task<SyncWorld> World(DeliveryRoute route, HospitalTraits? traits = null)
    {
        var world = await SyncWorld.Make(traits);
        world.AddPatient("p1");
        world.Options.Delivery["AdverseEvent"] = route;
        return world;
    }

    private static JsonObject Own(string id, string patientId)
    {
        var own = JsonNode.Parse(SyncWorld.Crp(id, "x", "15"))!.AsObject();
        own["subject"] = new JsonObject { ["reference"] = "Patient/" + patientId };
        own.Remove("note");
        return own;
    }

    private static string Inside(JsonObject document)
        => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(document["content"]![0]!["attachment"]!["data"]!.GetValue<string>()));

    private static async Task<List<JsonObject>> TasksAbout(SyncWorld world, string reference)
        => [.. (await world.Trial("Task")).Where(task => task["focus"]?["reference"]?.GetValue<string>() == reference)];

    private static void AssertValid(string json)
    {
        var result = Official.Value.Validate(ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Value);
        Assert.DoesNotContain(result.Issues, issue => issue.IsError);
    }
}

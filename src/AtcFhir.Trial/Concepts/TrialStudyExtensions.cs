namespace AtcFhir.Trial.Concepts;

/// <summary>The cross-version extensions of a study, in the order of R5's elements.</summary>
internal sealed class TrialStudyExtensions(ResourceWriter writer, TrialStudy study)
{
    private const string CrossVersion = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.";
    private const string Terminology = "http://terminology.hl7.org/CodeSystem/";

    public void Write() => writer.Objects("extension", All(), body => body());

    public static void Markdown(ResourceWriter writer, string url, string text)
    {
        writer.Text("url", url);
        writer.Text("valueMarkdown", text);
    }

    private List<Action> All()
    {
        List<Action> all = [];
        if (study.Acronym is { } acronym)
            all.Add(() => Parts("label", ("type", () => Code("title-type", "acronym")), ("value", () => writer.Text("valueString", acronym))));
        if (study.Summary is { } summary)
            all.Add(() => Markdown(writer, CrossVersion + "descriptionSummary", summary));
        foreach (var design in study.Designs)
            all.Add(() => Design(design));
        foreach (var party in study.Parties)
            all.Add(() => Parts("associatedParty", [.. Party(party)]));
        foreach (var progress in study.Progress)
            all.Add(() => Parts("progressStatus", [.. Progress(progress)]));
        if (study.TargetNumber is not null || study.ActualNumber is not null)
            all.Add(() => Parts("recruitment", [.. Recruitment()]));
        foreach (var outcome in study.Outcomes)
            all.Add(() => Parts("outcomeMeasure", [.. Outcome(outcome)]));
        foreach (var registration in study.Registrations)
            all.Add(() => Registration(registration));
        return all;
    }

    private void Design(StudyTerm design)
    {
        writer.Text("url", CrossVersion + "studyDesign");
        TrialStudy.WriteTerm(writer, "valueCodeableConcept", design);
    }

    private IEnumerable<(string Url, Action Value)> Party(StudyParty party)
    {
        if (party.Name is not null)
            yield return ("name", () => writer.Text("valueString", party.Name));
        yield return ("role", () => Code("research-study-party-role", party.Role));
        if (party.Organization is not null)
            yield return ("party", () => writer.Reference("valueReference", party.Organization));
    }

    private IEnumerable<(string Url, Action Value)> Progress(StudyProgress progress)
    {
        yield return ("state", () => writer.Codeable("valueCodeableConcept", progress.State is null ? [] : [new ConceptCode(Terminology + "research-study-status", progress.State)], progress.Text));
        if (progress.Actual is not null)
            yield return ("actual", () => writer.Flag("valueBoolean", progress.Actual));
        if (progress.From is not null)
            yield return ("period", () => writer.Period("valuePeriod", progress.From, null));
    }

    private IEnumerable<(string Url, Action Value)> Recruitment()
    {
        if (study.TargetNumber is not null)
            yield return ("targetNumber", () => writer.Number("valueUnsignedInt", study.TargetNumber));
        if (study.ActualNumber is not null)
            yield return ("actualNumber", () => writer.Number("valueUnsignedInt", study.ActualNumber));
    }

    private IEnumerable<(string Url, Action Value)> Outcome(StudyAim outcome)
    {
        if (outcome.Name is not null)
            yield return ("name", () => writer.Text("valueString", outcome.Name));
        if (outcome.Type is not null)
            yield return ("type", () => Code("research-study-objective-type", outcome.Type));
        if (outcome.Description is not null)
            yield return ("description", () => writer.Text("valueMarkdown", outcome.Description));
    }

    private void Registration(StudyRegistration registration)
    {
        writer.Text("url", "http://hl7.org/fhir/StructureDefinition/researchStudy-studyRegistration");
        Nested(
            ("activity", () => writer.Codeable("valueCodeableConcept", [new ConceptCode("http://hl7.org/fhir/research-study-registration-activity", registration.Activity)])),
            ("actual", () => writer.Flag("valueBoolean", true)),
            ("period", () => writer.Period("valuePeriod", registration.On, registration.On)));
    }

    private void Code(string system, string code) => writer.Codeable("valueCodeableConcept", [new ConceptCode(Terminology + system, code)]);

    private void Parts(string element, params (string Url, Action Value)[] parts)
    {
        writer.Text("url", CrossVersion + element);
        Nested(parts);
    }

    private void Nested(params (string Url, Action Value)[] parts) => writer.Objects("extension", parts, part =>
    {
        writer.Text("url", part.Url);
        part.Value();
    });
}

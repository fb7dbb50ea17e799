using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Register;
using AtcFhir.Trial.Study;

namespace AtcFhir.Tests.Trial.Register;

/// <summary>The real record states what the study of the package states, wherever both state it.</summary>
public class RealRecordTests
{
    private static readonly ResourceDocument Bundle = ResourceDocument.Parse(StudyImport.Run(Records.Read("nl-omon46644")).Bundle).Value;

    private static readonly TrialStudy Imported = Study(Bundle.Root.ChildrenOf("entry").First.Child("resource").JsonSpan.ToArray());

    private static readonly TrialStudy Packaged = Study(StudyPackage.Embedded.Instances.Single(instance => instance.ResourceType == "ResearchStudy").Json.ToArray());

    [Fact]
    public void TitleAndAcronym() => Assert.Equal((Packaged.Title, Packaged.Acronym), (Imported.Title, Imported.Acronym));

    [Fact]
    public void NumbersInRegisters()
        => Assert.Equal(Packaged.Numbers.Select(number => (number.Kind, number.Value)).Order(), Imported.Numbers.Select(number => (number.Kind, number.Value)).Order());

    [Fact]
    public void StatusAndNoPhase()
    {
        Assert.Equal("closed-to-accrual", Imported.Status);
        Assert.Equal(Packaged.Status, Imported.Status);
        Assert.False(Bundle.Root.ChildrenOf("entry").First.Child("resource").Child("phase").Exists);
    }

    [Fact]
    public void ApprovalsAnticipatedStartAndState()
        => Assert.Equal(
            Packaged.Progress.Select(progress => (progress.State, progress.Actual, progress.From?.ToString())),
            Imported.Progress.Select(progress => (progress.State, progress.Actual, progress.From?.ToString())));

    [Fact]
    public void EnrolmentIsActual() => Assert.Equal((Packaged.ActualNumber, Packaged.TargetNumber), (Imported.ActualNumber, Imported.TargetNumber));

    [Fact]
    public void StartOfThePeriod() => Assert.Equal(Packaged.Start, Imported.Start);

    [Fact]
    public void Registrations() => Assert.Equal(Packaged.Registrations, Imported.Registrations);

    [Fact]
    public void PurposeCategoryAndSource()
        => Assert.Equal((Packaged.PrimaryPurpose!.Codes[0].Code, Packaged.Category!.Text, Packaged.Source), (Imported.PrimaryPurpose!.Codes[0].Code, Imported.Category!.Text, Imported.Source));

    [Fact]
    public void DesignCodes()
        => Assert.Equal(
            Packaged.Designs.SelectMany(design => design.Codes).Select(code => code.Code).Order(),
            Imported.Designs.SelectMany(design => design.Codes).Select(code => code.Code).Order());

    [Fact]
    public void ConditionsKeywordsAndCountries()
    {
        Assert.Equal(Texts(Packaged.Conditions), Texts(Imported.Conditions));
        Assert.Equal(Texts(Packaged.Keywords), Texts(Imported.Keywords));
        Assert.Equal(Packaged.Locations.Select(country => country.Codes[0].Code), Imported.Locations.Select(country => country.Codes[0].Code));
    }

    [Fact]
    public void ProductAndArm()
    {
        Assert.Equal(Texts(Packaged.Focus), Texts(Imported.Focus));
        Assert.Equal(Packaged.Focus[0].Codes.Select(code => code.Code), Imported.Focus[0].Codes.Select(code => code.Code));
        Assert.Equal(Packaged.Arms.Select(arm => arm.Name), Imported.Arms.Select(arm => arm.Name));
        Assert.Equal(Plain(Packaged.Arms[0].Description), Plain(Imported.Arms[0].Description));
    }

    [Fact]
    public void PartiesByRole()
        => Assert.Equal(
            Packaged.Parties.Select(party => (party.Role, party.Name)).Order(),
            Imported.Parties.Select(party => (party.Role, party.Name)).Order());

    [Fact]
    public void OutcomesThatTheRecordLists()
        => Assert.Equal(
            Packaged.Outcomes.Take(6).Select(outcome => (outcome.Type, Plain(outcome.Name))),
            Imported.Outcomes.Select(outcome => (outcome.Type, Plain(outcome.Name))));

    [Fact]
    public void SevenObjectives() => Assert.Equal(Packaged.Objectives.Select(objective => objective.Type), Imported.Objectives.Select(objective => objective.Type));

    [Fact]
    public void NineCriteriaAndTheAge() => Assert.Equal(Packaged.Criteria.Count + 1, Imported.Criteria.Count);

    [Fact]
    public void TheSponsorHasItsAddress()
    {
        var sponsor = Bundle.Root.ChildrenOf("entry").ToList().Select(entry => entry.Child("resource")).Single(resource => "Organization/" + resource.Child("id").Text == Imported.Sponsor);
        var address = sponsor.Child("address");

        Assert.Equal(
            ("Radboud Universitair Medisch Centrum", "Geert Grooteplein zuid 8", "Nijmegen", "6525 GA", "NL"),
            (sponsor.Child("name").Text, address.Child("line").Text, address.Child("city").Text, address.Child("postalCode").Text, address.Child("country").Text));
    }

    private static TrialStudy Study(byte[] json) => TrialStudy.FromFhir(ResourceDocument.Parse(json).Value).Value;

    private static IEnumerable<string?> Texts(IEnumerable<StudyTerm> terms) => terms.Select(term => term.Text);

    // Case, white space and the sign of a registered name set apart.
    private static string Plain(string? text) => Records.Even(text ?? string.Empty).Replace(" ©", string.Empty, StringComparison.Ordinal).Replace("/ ", "/", StringComparison.Ordinal).ToUpperInvariant();
}

using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Scoring;
using AtcFhir.Trial.Study;
using CsCheck;

namespace AtcFhir.Tests.Trial.Scoring;

/// <summary>The published vectors of the EORTC QLQ-C30 scoring rules (its item texts are not used), and the scoring of the study's placeholder.</summary>
public class ScorerTests
{
    private static readonly ScaleDefinition Physical = Scale("PF", ["q1", "q2", "q3", "q4", "q5"], 1, 4, isReversed: true);

    private static readonly ScaleDefinition Fatigue = Scale("FA", ["q10", "q12", "q18"], 1, 4);

    private static readonly ScaleDefinition Quality = Scale("QL", ["q29", "q30"], 1, 7);

    private static readonly ResourceDocument Library = ResourceDocument.Parse(StudyPackage.Embedded.Instances.Single(instance => instance.ResourceType == "Library").Json).Value;

    [Theory]
    [InlineData(100, 1, 1, 1, 1, 1)]
    [InlineData(0, 4, 4, 4, 4, 4)]
    [InlineData(66.67, 1, 2, 3)]
    public void PhysicalFunctioning(double expected, params int[] answers)
        => Assert.Equal((decimal)expected, Math.Round(Scorer.Score(Physical, Answers(Physical, answers)).Score!.Value, 2));

    [Fact]
    public void TwoOfFiveItemsAreTooFew()
        => Assert.Equal(new ScaleScore("PF", null, null, 2, 5), Scorer.Score(Physical, Answers(Physical, 1, 2)));

    [Fact]
    public void FatigueIsASymptom()
        => Assert.Equal((3m, 66.67m), (Scorer.Score(Fatigue, Answers(Fatigue, 2, 3, 4)).Raw!.Value, Math.Round(Scorer.Score(Fatigue, Answers(Fatigue, 2, 3, 4)).Score!.Value, 2)));

    [Fact]
    public void GlobalQualityOfLife()
        => Assert.Equal((5.5m, 75m), (Scorer.Score(Quality, Answers(Quality, 5, 6)).Raw!.Value, Scorer.Score(Quality, Answers(Quality, 5, 6)).Score!.Value));

    [Fact]
    public void ASumIsPutOnTheSameScale()
        => Assert.Equal(50m, Scorer.Score(Fatigue with { Aggregate = ScaleAggregate.Sum }, Answers(Fatigue, 2, 3)).Score);

    [Fact]
    public void AnAnswerOutsideTheRangeIsNone()
        => Assert.Equal(2, Scorer.Score(Fatigue, Answers(Fatigue, 2, 3, 9)).Answered);

    [Fact]
    public void AnyScoreLiesBetween0And100() => Gen.Int[1, 4].Array[5].Sample(answers => Scorer.Score(Physical, Answers(Physical, answers)).Score is >= 0 and <= 100);

    [Fact]
    public void MoreTroubleNeverScoresBetter() => Gen.Select(Gen.Int[1, 3].Array[5], Gen.Int[0, 4]).Sample((answers, at) =>
    {
        var worse = answers.ToArray();
        worse[at]++;
        return Scorer.Score(Physical, Answers(Physical, worse)).Score < Scorer.Score(Physical, Answers(Physical, answers)).Score;
    });

    [Fact]
    public void TheStudysRulesAreSoundAndOfItsQuestionnaire()
    {
        var definition = ScoringDefinition.FromLibrary(Library).Value;
        var form = StudyFacts.Embedded.Questionnaire(definition.Questionnaire);

        Assert.NotNull(form);
        Assert.All(definition.Scales.SelectMany(scale => scale.Items), item => Assert.True(form.HasItem(item)));
        Assert.Equal(HrqolScore.Concept.Codes.Select(code => (code.System, code.Code)), definition.Scales.Select(scale => (definition.CodeSystem, scale.Code)));
    }

    [Fact]
    public void TheExampleOfTheProfilesIsScoredAsItsExampleSays()
    {
        var definition = ScoringDefinition.FromLibrary(Library).Value;
        var response = HrqolResponse.FromFhir(ProfileExamples.Read("QuestionnaireResponse-hrqol-answers-day-14.json")).Value;

        var score = ResponseScoring.Scores(response, StudyFacts.Embedded.Questionnaire(definition.Questionnaire)!, definition)[0];

        var example = HrqolScore.FromFhir(ProfileExamples.Read("Observation-hrqol-neck-symptoms-day-14.json")).Value;
        Assert.Equal(example with { Head = score.Head }, score);
        Assert.Equal("44.44", score.Score?.ToString());
    }

    [Fact]
    public void AStoredResponseBecomesFourValidScoresUnderLastingIds()
    {
        var response = ProfileExamples.Read("QuestionnaireResponse-hrqol-answers-day-14.json");

        var scores = ResponseScoring.Resources(response, StudyPackage.Embedded);

        Assert.Equal(
            ["hrqol-answers-day-14-neck-symptoms", "hrqol-answers-day-14-general-symptoms", "hrqol-answers-day-14-daily-life", "hrqol-answers-day-14-global-quality"],
            scores.Select(score => ResourceDocument.Parse(score).Value.Id));
        Assert.All(scores, score => Assert.Empty(TrialValidation.Errors(score, HrqolScore.Concept.Profile)));
    }

    [Fact]
    public void AResponseTakenBackTakesItsScoresBack()
    {
        var response = ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(
            ProfileExamples.Read("QuestionnaireResponse-hrqol-answers-day-14.json").Utf8.Span).Replace("\"completed\"", "\"entered-in-error\"", StringComparison.Ordinal))).Value;

        Assert.All(ResponseScoring.Resources(response, StudyPackage.Embedded), score => Assert.Equal("entered-in-error", ResourceDocument.Parse(score).Value.Root.Child("status").Text));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"questionnaire":"q","codeSystem":"c","scales":[{"code":"a","name":"A","kind":"symptom","items":[],"min":1,"max":4,"minAnswered":0.5,"aggregate":"mean","transform":"none"}]}""")]
    [InlineData("""{"questionnaire":"q","codeSystem":"c","scales":[{"code":"a","name":"A","kind":"symptom","items":["i"],"min":4,"max":4,"minAnswered":0.5,"aggregate":"mean","transform":"none"}]}""")]
    [InlineData("""{"questionnaire":"q","codeSystem":"c","scales":[{"code":"a","name":"A","kind":"symptom","items":["i"],"min":1,"max":4,"minAnswered":0.5,"aggregate":"median","transform":"none"}]}""")]
    public void UnsoundRulesAreRefused(string json) => Assert.False(ScoringDefinition.FromJson("m|1", System.Text.Encoding.UTF8.GetBytes(json)).Succeeded);

    private static ScaleDefinition Scale(string code, string[] items, decimal min, decimal max, bool isReversed = false)
        => new(code, code, items, min, max, isReversed, 0.5m, ScaleAggregate.Mean, ScaleTransform.Linear0To100);

    private static Dictionary<string, decimal> Answers(ScaleDefinition scale, params int[] answers)
        => scale.Items.Zip(answers).ToDictionary(pair => pair.First, pair => (decimal)pair.Second);
}

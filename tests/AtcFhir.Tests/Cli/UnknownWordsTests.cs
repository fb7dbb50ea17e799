using System.CommandLine;
using AtcFhir.Cli;
using AtcFhir.Cli.SyncVerbs;

namespace AtcFhir.Tests.Cli;

public class UnknownWordsTests
{
    [Fact]
    public void AnUnknownOptionIsNoFileAndNoExpression()
    {
        Assert.Equal("fhirpath has no option --json; it has --batch.", UnknownWords.Of(FhirPathVerb.Command.Parse(["Patient.id", "patient.json", "--json"])));
        Assert.StartsWith("validate has no option --sarif; it has --best-practice,", UnknownWords.Of(ValidateVerb.Command.Parse(["--sarif", "patient.json"])), StringComparison.Ordinal);
    }

    [Fact]
    public void AnExpressionMayBeginWithAMinusAndAFileBehindTwoOfThemWithAnything()
    {
        Assert.Null(UnknownWords.Of(FhirPathVerb.Command.Parse(["-1 + 2", "patient.json"])));
        Assert.Null(UnknownWords.Of(ValidateVerb.Command.Parse(["--quiet", "--", "--odd.json"])));
        Assert.Null(UnknownWords.Of(ValidateVerb.Command.Parse(["-"])));
    }

    [Fact]
    public void AnUnknownCommandIsToldThoseThatThereAre()
    {
        Assert.StartsWith("There is no command 'resove'; there are probe, coverage,", UnknownWords.Of(SyncCommand.Command.Parse(["resove", "x"])), StringComparison.Ordinal);
        Assert.StartsWith("Say which command: probe, coverage,", UnknownWords.Of(SyncCommand.Command.Parse([])), StringComparison.Ordinal);
        Assert.Null(UnknownWords.Of(new RootCommand { SyncCommand.Command }.Parse(["sync", "--help"])));
    }

    [Fact]
    public void ANumberThatIsNoneIsSaidToBeNone()
        => Assert.Equal("--max-issues is a number from 1 on; 'x' is none.", Assert.Single(ValidateVerb.Command.Parse(["--max-issues", "x", "patient.json"]).Errors).Message);
}

using AtcFhir.Cli.Validation;
using AtcFhir.Validation;

namespace AtcFhir.Tests.Cli.Validation;

public class ValidateSettingsTests
{
    private static AtcFhir.R4.Outcomes.Result<ValidateSettings> Of(string practice = "off", string? mode = null, string[]? suppress = null, int max = 500)
        => ValidateSettings.Of(["."], [], [], [], new RuleChoices(practice, mode, suppress ?? [], false, max));

    [Theory]
    [InlineData("off", BestPractice.Off)]
    [InlineData("info", BestPractice.Information)]
    [InlineData("warn", BestPractice.Warning)]
    [InlineData("error", BestPractice.Error)]
    [InlineData("Warning", BestPractice.Warning)]
    public void LevelsOfBestPractice(string text, BestPractice level) => Assert.Equal(level, Of(text).Value.Request.BestPractice);

    [Theory]
    [InlineData("any", false)]
    [InlineData("known", true)]
    public void ExtensionsThatNobodyDefinesAreErrorsOnlyWhenAskedFor(string text, bool expected)
        => Assert.Equal(expected, ValidateSettings.Of(["."], [], [], [], new RuleChoices("off", null, [], false, 500) { Extensions = text }).Value.Request.KnownExtensionsOnly);

    [Fact]
    public void WhatMakesNoSenseIsRefused()
    {
        Assert.False(Of("loud").Succeeded);
        Assert.False(Of(mode: "remove").Succeeded);
        Assert.False(Of(suppress: ["ATC-V050"]).Succeeded);
        Assert.False(Of(max: 0).Succeeded);
        Assert.False(ValidateSettings.Of(["."], [], [], [], new RuleChoices("off", null, [], false, 500) { Extensions = "some" }).Succeeded);
    }
}

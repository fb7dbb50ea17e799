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

    [Fact]
    public void WhatMakesNoSenseIsRefused()
    {
        Assert.False(Of("loud").Succeeded);
        Assert.False(Of(mode: "remove").Succeeded);
        Assert.False(Of(suppress: ["ATC-V050"]).Succeeded);
        Assert.False(Of(max: 0).Succeeded);
    }
}

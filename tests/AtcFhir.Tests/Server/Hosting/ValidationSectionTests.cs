using AtcFhir.Server.Hosting;

namespace AtcFhir.Tests.Server.Hosting;

/// <summary>What stops the start, with a word about it.</summary>
public class ValidationSectionTests
{
    [Theory]
    [InlineData("ATC-V050", null, "has no reason")]
    [InlineData("ATC-V999", "why", "no rule 'ATC-V999'")]
    public void ASuppressionNeedsARuleAndAReason(string rule, string? reason, string fault)
        => Assert.Contains(fault, new ValidationSection { Suppress = [new SuppressionSection { Rule = rule, Reason = reason }] }.Fault(), StringComparison.Ordinal);

    [Fact]
    public void TypesAreThoseOfR4() => Assert.Contains("Patience", new ValidationSection { Types = { ["Patience"] = new TypeSection() } }.Fault(), StringComparison.Ordinal);

    [Fact]
    public void WhatIsRightHasNoFault()
        => Assert.Null(new ValidationSection { Suppress = [new SuppressionSection { Rule = "ATC-V050:pat-1", Reason = "why" }], Types = { ["Patient"] = new TypeSection() } }.Fault());
}

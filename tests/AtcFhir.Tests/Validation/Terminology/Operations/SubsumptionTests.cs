using AtcFhir.R4.Outcomes;
using static AtcFhir.Tests.Validation.Terminology.Operations.Terms;

namespace AtcFhir.Tests.Validation.Terminology.Operations;

public class SubsumptionTests
{
    [Theory]
    [InlineData("animal", "poodle", "subsumes")]
    [InlineData("poodle", "animal", "subsumed-by")]
    [InlineData("dog", "dog", "equivalent")]
    [InlineData("dog", "stone", "not-subsumed")]
    [InlineData("dog", "dodo", "not-subsumed")]
    public void FollowsTheHierarchy(string codeA, string codeB, string expected) => Assert.Equal(expected, Knowing().Subsumes(Animals, null, codeA, codeB).Value);

    [Fact]
    public void FollowsTheHierarchyOfOfficialSystems()
        => Assert.Equal("subsumes", Knowing().Subsumes("http://terminology.hl7.org/CodeSystem/v3-ActCode", null, "_ActCoverageTypeCode", "PUBLICPOL").Value);

    [Theory]
    [InlineData(Animals, "cat", FailureKind.NotFound)]
    [InlineData("http://example.org/none", "dog", FailureKind.NotFound)]
    [InlineData("http://unitsofmeasure.org", "g", FailureKind.Unprocessable)]
    public void WhatCannotBeToldIsAFailure(string system, string codeB, FailureKind kind) => Assert.Equal(kind, Knowing().Subsumes(system, null, "dog", codeB).Failure!.Kind);
}

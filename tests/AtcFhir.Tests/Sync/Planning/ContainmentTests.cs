using System.Text;
using AtcFhir.Sync.Planning;

namespace AtcFhir.Tests.Sync.Planning;

public sealed class ContainmentTests
{
    private const string Sent = """{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/1"},"effectiveDateTime":"2019-01-01T10:00:00+01:00","valueQuantity":{"value":1.0},"category":[{"text":"a"},{"text":"b"}]}""";

    [Theory]
    [InlineData("\"status\":\"final\"", "\"status\":\"final\",\"language\":\"nl\"", null)]
    [InlineData("Patient/1", "https://ehr.test/fhir/Patient/1", null)]
    [InlineData("Patient/1", "Patient/1/_history/4", null)]
    [InlineData("2019-01-01T10:00:00+01:00", "2019-01-01T09:00:00.000Z", null)]
    [InlineData("1.0", "1", null)]
    [InlineData("{\"text\":\"a\"},{\"text\":\"b\"}", "{\"text\":\"b\",\"id\":\"x\"},{\"text\":\"a\"}", null)]
    [InlineData("final", "amended", "Observation.status")]
    [InlineData("Patient/1", "Patient/11", "Observation.subject.reference")]
    [InlineData("1.0", "1.1", "Observation.valueQuantity.value")]
    [InlineData("{\"text\":\"a\"},", "", "Observation.category")]
    [InlineData("\"status\":\"final\",", "", "Observation.status")]
    [InlineData("10:00:00+01:00", "10:00:00Z", "Observation.effectiveDateTime")]
    public void WhatAServerAddsOrRespellsIsNoEditAndWhatItChangesIs(string from, string to, string? difference)
        => Assert.Equal(difference, Containment.Difference(Encoding.UTF8.GetBytes(Sent.Replace(from, to, StringComparison.Ordinal)), Encoding.UTF8.GetBytes(Sent)));
}

using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial.Concepts;

public class RecordedNumberTests
{
    [Theory]
    [InlineData("6.30")]
    [InlineData("12e-3")]
    [InlineData("1E+99")]
    [InlineData("-0.0")]
    [InlineData("0.00000000000000000000000000000000001")]
    public void ANumberIsTakenAsWritten(string text) => Assert.Equal(text, RecordedNumber.Of(Value(text))?.ToString());

    [Theory]
    [InlineData("1E100")]
    [InlineData("1E-100")]
    [InlineData("\"01\"")]
    [InlineData("\"1.\"")]
    [InlineData("\".5\"")]
    [InlineData("\"+1\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"1 \"")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    public void WhatIsNoDecimalOfFhirOrOutOfProportionIsNone(string json) => Assert.Null(RecordedNumber.Of(Value(json)));

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void ANumberHasAHundredCharactersAtTheMost(int digits, bool taken) => Assert.Equal(taken, RecordedNumber.Of(Value(new string('7', digits))) is not null);

    private static Node Value(string json)
        => ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"Observation","valueQuantity":{"value":{{json}} } }""")).Value.Root.Child("value").Child("value");
}

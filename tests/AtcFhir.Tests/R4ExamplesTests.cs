namespace AtcFhir.Tests;

public sealed class R4ExamplesTests
{
    [Fact]
    public void ThereAreSevenHundredAndTen()
    {
        Assert.Equal(710, R4Examples.All.Count);
        Assert.Equal(4_324_996, R4Examples.All.Sum(example => example.Utf8.Length));
    }
}

using AtcFhir.Server.Hosting;

namespace AtcFhir.Tests.Server.Hosting;

public sealed class IdleMemoryTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1024 * 1024 - 1, false)]
    [InlineData(8L * 1024 * 1024, true)]
    [InlineData(256L * 1024 * 1024, true)]
    [InlineData(2L * 1024 * 1024 * 1024, false)]
    public void AServerThatDidLittleIsCollectedOneThatDidNothingOrMuchIsNot(long allocatedInAMinute, bool worthwhile)
        => Assert.Equal(worthwhile, IdleMemory.IsWorthwhile(allocatedInAMinute));
}

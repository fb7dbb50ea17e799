using AtcFhir.Server.Hosting;

namespace AtcFhir.Tests.Server.Hosting;

public sealed class QuietSpellTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public void AQuietServerIsCollectedAfterItsWorkAndTidiedOnceMoreWhenTheStoreHasEmptiedItsCaches()
        => Assert.Equal(
            [Tidying.None, Tidying.None, Tidying.Collect, Tidying.None, Tidying.None, Tidying.None, Tidying.Trim, Tidying.None, Tidying.None],
            Looks(30 * Megabyte, 0, 0, 0, 0, 0, 0, 0, 0));

    [Fact]
    public void AServerAtWorkIsLeftAlone()
        => Assert.All(Looks([.. Enumerable.Repeat(3 * Megabyte, 100)]), tidying => Assert.Equal(Tidying.None, tidying));

    [Fact]
    public void EachSpellOfWorkIsTidiedUpAfter()
        => Assert.Equal(2, Looks(30 * Megabyte, 0, 0, 30 * Megabyte, 0, 0, 0).Count(tidying => tidying == Tidying.Collect));

    [Fact]
    public void WhatHealthChecksLeaveBehindIsCollectedOnceItIsMuch()
    {
        var looks = Looks([.. Enumerable.Repeat(Megabyte, 40)]);
        Assert.Equal(Tidying.Collect, looks[1]);
        Assert.Equal(3, looks.Count(tidying => tidying == Tidying.Collect));
    }

    private static List<Tidying> Looks(params long[] allocated)
    {
        var (spell, total) = (new QuietSpell(), 0L);
        return [.. allocated.Select(bytes => spell.Look(total += bytes))];
    }
}

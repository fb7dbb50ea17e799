using AtcFhir.Cli.SyncVerbs;

namespace AtcFhir.Tests.Cli;

/// <summary>What <c>atcfhir sync probe</c> prints fits a terminal.</summary>
public class ProbeVerbTests
{
    private static IEnumerable<string> Lines(IEnumerable<string> allowed, IEnumerable<string> refused)
        => ProbeVerb.Creates(allowed.Select(type => (type, true)).Concat(refused.Select(type => (type, false))).ToDictionary()).Select(line => $"{line.What} {line.Types}");

    private static IEnumerable<string> Types(int count) => Enumerable.Range(0, count).Select(i => $"T{i}");

    [Fact]
    public void FewTypesAreNamed()
        => Assert.Equal(["create is allowed of Basic, Task", "create is not allowed of ResearchStudy"], Lines(["Task", "Basic"], ["ResearchStudy"]));

    [Fact]
    public void ManyAreCounted()
    {
        Assert.Equal(["create is allowed of 148 types"], Lines(Types(148), []));
        Assert.Equal(["create is allowed of 146 types", "create is not allowed of ResearchStudy, ResearchSubject"], Lines(Types(146), ["ResearchSubject", "ResearchStudy"]));
        Assert.Empty(Lines([], []));
    }
}

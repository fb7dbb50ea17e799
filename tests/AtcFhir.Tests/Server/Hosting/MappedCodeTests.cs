using AtcFhir.Server.Hosting;

namespace AtcFhir.Tests.Server.Hosting;

public sealed class MappedCodeTests
{
    [Fact]
    public void OnlyCodeThatIsAsInItsFileIsGivenBack()
    {
        string[] smaps =
        [
            .. Mapping("10000-1c000 r-xp 00340000 fd:00 17    /usr/share/dotnet/libcoreclr.so", anonymous: 0),
            .. Mapping("20000-2c000 r-xp 00340000 fd:00 17    /usr/share/dotnet/changed.so", anonymous: 4),
            .. Mapping("30000-3c000 rw-p 00340000 fd:00 17    /usr/share/dotnet/data.so", anonymous: 0),
            .. Mapping("40000-4c000 r--s 00340000 fd:00 17    /usr/share/dotnet/metadata.dll", anonymous: 0),
            .. Mapping("50000-5c000 rw-p 00000000 00:00 0 ", anonymous: 0),
            .. Mapping("60000-6c000 r-xp 00000000 00:00 0     [vdso]", anonymous: 0),
            .. Mapping("7f0c1a200000-7f0c1ad4c000 r-xp 00340000 fd:00 17    /usr/share/dotnet/System.Private.CoreLib.dll", anonymous: 0),
        ];
        Assert.Equal([(0x10000UL, 0xc000UL), (0x7f0c1a200000UL, 0xb4c000UL)], MappedCode.Unchanged(smaps));
    }

    [Fact]
    public void AProcessGoesOnWithoutIt()
    {
        var before = Observation();
        MappedCode.GiveBack();
        Assert.Equal(before, Observation());

        static string Observation() => AtcFhir.R4.Documents.ResourceDocument.Parse("""{"resourceType":"Observation","status":"final"}"""u8.ToArray()).Value.ResourceType;
    }

    private static string[] Mapping(string head, int anonymous) => [head, "Size: 48 kB", "Rss: 20 kB", $"Anonymous:             {anonymous} kB", "LazyFree: 0 kB", "VmFlags: rd ex mr mw me"];
}

using AtcFhir.R4.Outcomes;
using AtcFhir.Sync.Hospital;

namespace AtcFhir.Tests.Sync.Hospital;

public sealed class HospitalDirectoryTests
{
    private static readonly HospitalDirectory Alone = new(new Dictionary<string, HospitalOptions> { ["default"] = new() });

    private static readonly HospitalDirectory Three = new(new Dictionary<string, HospitalOptions>
    {
        ["default"] = new(),
        ["north"] = new() { Senders = ["north-ehr", "engine"] },
        ["south"] = new() { Senders = ["south-ehr", "engine"] },
    });

    [Theory]
    [InlineData("north-ehr", null, "north")]
    [InlineData("north-ehr", "north", "north")]
    [InlineData("south-ehr", null, "south")]
    [InlineData("engine", "south", "south")]
    [InlineData(null, null, "default")]
    [InlineData(null, "north", "north")]
    public void ASenderSpeaksForTheHospitalThatListsIt(string? client, string? named, string hospital)
        => Assert.Equal(hospital, Three.OfSender(client, named).Value);

    [Theory]
    [InlineData("stranger", null, FailureKind.Forbidden)]
    [InlineData("stranger", "north", FailureKind.Forbidden)]
    [InlineData("north-ehr", "south", FailureKind.Forbidden)]
    [InlineData("north-ehr", "default", FailureKind.Forbidden)]
    [InlineData("engine", null, FailureKind.Malformed)]
    [InlineData(null, "west", FailureKind.Forbidden)]
    public void AHospitalIsNeverGuessed(string? client, string? named, FailureKind refused)
        => Assert.Equal(refused, Three.OfSender(client, named).Failure!.Kind);

    [Fact]
    public void WhereThereIsOneHospitalEverySenderIsIts() => Assert.Equal("default", Alone.OfSender("some-ehr", null).Value);

    [Fact]
    public void OneHospitalThatListsItsSendersKeepsOthersOut()
    {
        var listing = new HospitalDirectory(new Dictionary<string, HospitalOptions> { ["default"] = new() { Senders = ["our-ehr"] } });
        Assert.Equal("default", listing.OfSender("our-ehr", null).Value);
        Assert.Equal(FailureKind.Forbidden, listing.OfSender("some-ehr", null).Failure!.Kind);
    }
}

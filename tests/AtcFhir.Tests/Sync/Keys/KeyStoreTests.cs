using System.Security.Cryptography;
using AtcFhir.Store;
using AtcFhir.Sync;
using AtcFhir.Sync.Keys;
using Microsoft.Data.Sqlite;

namespace AtcFhir.Tests.Sync.Keys;

public sealed class KeyStoreTests : IDisposable
{
    private static readonly HospitalKey Crp = new("default", "Observation", "4711");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-keys-");

    [Fact]
    public void TheSameHospitalIdHasTheSameSurrogateAlsoAfterAReopening()
    {
        string first;
        using (var store = Open())
        {
            first = store.Mint(Crp);
            Assert.Equal(first, store.Mint(Crp));
        }

        using var again = Open();
        Assert.Equal(first, again.Mint(Crp));
        Assert.Equal(Crp, again.Reveal(first));
    }

    [Fact]
    public void DifferentHospitalsTypesAndIdsHaveDifferentSurrogates()
    {
        using var store = Open();
        var minted = new[] { Crp, Crp with { Hospital = "other" }, Crp with { Type = "Condition" }, Crp with { Id = "4712" } }.Select(store.Mint).ToList();
        Assert.Equal(4, minted.Distinct().Count());
    }

    [Fact]
    public void ASurrogateIsAFhirIdThatSaysNothingOfTheHospitalsId()
    {
        using var store = Open();
        for (var i = 0; i < 100; i++)
        {
            Assert.Matches("^[a-z][a-z2-7]{25}$", store.Mint(Crp with { Id = i.ToString(CultureInfo.InvariantCulture) }));
        }
    }

    [Fact]
    public void WhatCameWithoutAnIdIsRecognisedWhenItComesWithOne()
    {
        using var store = Open();
        var natural = new HospitalKey("default", "Observation", "lab|17\n1988-5");
        var surrogate = store.Mint([new HospitalName(null, natural)])[0];
        Assert.Null(store.Reveal(surrogate));
        Assert.Equal(surrogate, store.Mint([new HospitalName(Crp, natural)])[0]);
        Assert.Equal(Crp, store.Reveal(surrogate));
    }

    [Fact]
    public void TwoIdsAreNeverOneResourceWhateverTheirIdentifiersSay()
    {
        using var store = Open();
        var natural = new HospitalKey("default", "Observation", "accession|99");
        var minted = store.Mint([new HospitalName(Crp, natural), new HospitalName(Crp with { Id = "4712" }, natural)]);
        Assert.NotEqual(minted[0], minted[1]);
    }

    [Fact]
    public void AnEnrolmentThatWasCutShortGetsTheSameIdsAgain()
    {
        using var store = Open();
        var surrogate = store.Mint(new HospitalKey("default", "Patient", "1"));
        Assert.Equal(store.MintEnrolment(surrogate, "ResearchStudy/a"), store.MintEnrolment(surrogate, "ResearchStudy/a"));
        Assert.Equal(store.MintEnrolment(surrogate, "ResearchStudy/a").PatientId, store.MintEnrolment(surrogate, "ResearchStudy/b").PatientId);
        Assert.Equal(surrogate, store.SurrogateOfPatient(store.MintEnrolment(surrogate, "ResearchStudy/a").PatientId));
    }

    [Fact]
    public void NothingOfTheHospitalLiesInTheFileInClear()
    {
        using (var store = Open())
        {
            store.Mint(Crp with { Id = "a-hospital-id" });
            store.LearnIdentifier("default", "urn:bsn", "123456782", "s");
            store.KeepBody("q", "Pieter Jansen"u8, DateTimeOffset.UnixEpoch);
            SqliteConnection.ClearAllPools();
        }

        var file = string.Concat(folder.GetFiles("keys.db*").Select(found => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(found.FullName))));
        Assert.DoesNotContain("a-hospital-id", file, StringComparison.Ordinal);
        Assert.DoesNotContain("123456782", file, StringComparison.Ordinal);
        Assert.DoesNotContain("Jansen", file, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyFileAndDatabaseAreReadableForTheirOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("File modes are of Unix.");
            return;
        }

        using var store = Open();
        foreach (var name in new[] { "keys.key", "keys.db" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.FullName, name)));
        }
    }

    [Fact]
    public void AKeyStoreDoesNotOpenWithAnotherKey()
    {
        Open().Dispose();
        File.WriteAllBytes(Path.Combine(folder.FullName, "keys.key"), RandomNumberGenerator.GetBytes(32));
        Assert.Throws<UnusableStoreException>(() => Open());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(33)]
    public void AKeyFileOfAnotherLengthIsRefused(int bytes)
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "keys.key"), new byte[bytes]);
        Assert.Contains($"has {bytes} bytes instead of 32", Assert.Throws<UnusableStoreException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=localhost;Database=keys", "has to start with 'Data Source='")]
    [InlineData("Data Source=keys.key", "cannot be opened")]
    public void WhatIsNoKeyStoreIsRefusedWithWords(string connectionString, string expected)
    {
        var file = Path.Combine(folder.FullName, "keys.key");
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(32));
        var options = new KeysOptions { ConnectionString = connectionString.Replace("keys.key", file, StringComparison.Ordinal), KeyFile = file };
        Assert.Contains(expected, Assert.Throws<UnusableStoreException>(() => KeyStore.Open(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasSealedForOnePurposeDoesNotOpenForAnother()
    {
        using var ring = new KeyRing(new byte[32]);
        var box = ring.Seal("secret"u8, "id");
        Assert.Equal("secret"u8.ToArray(), ring.Open(box, "id"));
        Assert.ThrowsAny<CryptographicException>(() => ring.Open(box, "quarantine"));
        box[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => ring.Open(box, "id"));
    }

    [Fact]
    public void WordsAreKeptApartWhenRecognised()
    {
        using var ring = new KeyRing(new byte[32]);
        Assert.NotEqual(ring.Recognise("a", "bc"), ring.Recognise("ab", "c"));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private KeyStore Open() => KeyStore.Open(new KeysOptions { ConnectionString = $"Data Source={Path.Combine(folder.FullName, "keys.db")}", KeyFile = Path.Combine(folder.FullName, "keys.key") });
}

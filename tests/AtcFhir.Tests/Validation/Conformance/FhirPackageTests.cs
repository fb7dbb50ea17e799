using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Conformance;

/// <summary>FHIR packages as .tgz and as folder.</summary>
public class FhirPackageTests
{
    private const string Manifest = """{"name":"example.pack","version":"1.2.3","dependencies":{"hl7.fhir.r4.core":"4.0.1"}}""";

    private static string ValueSet(string version) => $$"""{"resourceType":"ValueSet","url":"http://example.org/ValueSet/v","version":"{{version}}","status":"active","name":"V{{version}}"}""";

    private static MemoryStream Pack(params (string Name, string Text)[] files)
    {
        var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionMode.Compress, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            foreach (var (name, text) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        stream.Position = 0;
        return stream;
    }

    [Fact]
    public void ReadsManifestAndResources()
    {
        var package = FhirPackage.Open(Pack(("package/package.json", Manifest), ("package/ValueSet-v.json", ValueSet("1.0")), ("package/example/Patient-1.json", "{}"))).Value;
        Assert.Equal(("example.pack", "1.2.3", "4.0.1"), (package.Name, package.Version, package.Dependencies["hl7.fhir.r4.core"]));
        Assert.Equal(["http://example.org/ValueSet/v"], package.Resources.Select(resource => resource.Url));
    }

    [Fact]
    public void WhatIsNoPackageIsAFailure()
    {
        Assert.Equal(FailureKind.Malformed, FhirPackage.Open(new MemoryStream([1, 2, 3])).Failure!.Kind);
        Assert.Equal(FailureKind.Malformed, FhirPackage.Open(Pack(("package/x.json", "{}"))).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, FhirPackage.Open("/nowhere/at/all.tgz").Failure!.Kind);
    }

    [Fact]
    public void OfSeveralVersionsTheNewestIsMeantUnlessOneIsNamed()
    {
        var package = FhirPackage.Open(Pack(("package/package.json", Manifest), ("package/a.json", ValueSet("1.9.0")), ("package/b.json", ValueSet("1.10.0")))).Value;
        var source = ConformanceSource.Official.With(package);
        Assert.Equal("V1.10.0", source.ValueSet("http://example.org/ValueSet/v")!.Name);
        Assert.Equal("V1.9.0", source.ValueSet("http://example.org/ValueSet/v|1.9.0")!.Name);
        Assert.Null(source.ValueSet("http://example.org/ValueSet/v|3"));
    }

    [Fact]
    public void ASourceIsNotChangedByWhatIsAddedToAnother()
    {
        _ = ConformanceSource.Official.With(FhirPackage.Open(Pack(("package/package.json", Manifest), ("package/a.json", ValueSet("1.9.0")))).Value);
        Assert.Null(ConformanceSource.Official.ValueSet("http://example.org/ValueSet/v"));
    }

    [Fact]
    public void TheOfficialProfilesAreKnown()
    {
        var validator = new Validator(ConformanceSource.Official);
        Assert.True(validator.IsKnown("http://hl7.org/fhir/StructureDefinition/vitalsigns"));
        Assert.True(validator.IsKnown("http://hl7.org/fhir/StructureDefinition/Patient|4.0.1"));
        Assert.False(validator.IsKnown("http://example.org/StructureDefinition/nobody-knows"));
    }
}

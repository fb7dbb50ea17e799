using System.Text;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Profiles;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Source;

namespace AtcFhir.Tests.Validation.Profiles;

/// <summary>
/// Where our snapshots and the published ones differ, the snapshot generator of the Firely SDK as a third opinion: on two it agrees with us, on the other two it loses, as
/// the published ones do, the elements whose slices the differential names though they are not sliced.
/// </summary>
public sealed class SdkSnapshotTests
{
    [Theory]
    [InlineData("bp", "")]
    [InlineData("catalog", "ours Composition.date: 1..1")]
    [InlineData("elementdefinition-de", "")]
    [InlineData("familymemberhistory-genetic", "ours FamilyMemberHistory.condition.note: 0..*\nours FamilyMemberHistory.condition: 0..*\nours FamilyMemberHistory.relationship: 1..1\nours FamilyMemberHistory.sex: 0..1")]
    public async System.Threading.Tasks.Task TheSdkSays(string profile, string expected)
    {
        var resolver = new FilesOfTheExamples();
        var theirs = (StructureDefinition)(await resolver.ResolveByCanonicalUriAsync("http://hl7.org/fhir/StructureDefinition/" + profile))!;
        theirs.Snapshot = null;
        await new Hl7.Fhir.Specification.Snapshot.SnapshotGenerator(resolver).UpdateAsync(theirs);
        var structures = new Dictionary<string, StructureModel?>(StringComparer.Ordinal);
        StructureModel? Find(string canonical)
        {
            var name = ConformanceSource.SplitCanonical(canonical).Url["http://hl7.org/fhir/StructureDefinition/".Length..];
            return structures.TryGetValue(name, out var known) ? known : structures[name] = FilesOfTheExamples.Read(name) is { } json ? StructureReader.Read(json) : null;
        }

        var ours = new SnapshotGenerator(Find).Generate(Find("http://hl7.org/fhir/StructureDefinition/" + profile)! with { Snapshot = [] }, []);
        var mine = ours!.Flatten().Select(node => $"{node.Model.Path}:{node.Model.SliceName} {node.Model.Min}..{(node.Model.Max == int.MaxValue ? "*" : node.Model.Max)}").ToHashSet();
        var others = theirs.Snapshot!.Element.Select(element => $"{element.Path}:{element.SliceName} {element.Min}..{element.Max}").ToHashSet();
        Assert.Equal(expected, string.Join('\n', mine.Except(others).Order(StringComparer.Ordinal).Select(line => "ours " + line).Concat(others.Except(mine).Order(StringComparer.Ordinal).Select(line => "SDK " + line))));
    }

    /// <summary>Structure definitions by their file names.</summary>
    private sealed class FilesOfTheExamples : IAsyncResourceResolver
    {
        private readonly FhirJsonDeserializer deserializer = new(new DeserializerSettings().UsingMode(DeserializationMode.Recoverable));

        public static byte[]? Read(string name) => Path.Combine(R4Examples.Folder, $"StructureDefinition-{name}.json") is var file && File.Exists(file) ? File.ReadAllBytes(file) : null;

        public Task<Resource?> ResolveByUriAsync(string uri) => ResolveByCanonicalUriAsync(uri);

        public Task<Resource?> ResolveByCanonicalUriAsync(string uri)
        {
            if (Read(uri.Split('|')[0].Split('/')[^1]) is not { } json)
            {
                return System.Threading.Tasks.Task.FromResult<Resource?>(null);
            }

            deserializer.TryDeserializeResource(Encoding.UTF8.GetString(json), out var resource, out _);
            return System.Threading.Tasks.Task.FromResult(resource);
        }
    }
}

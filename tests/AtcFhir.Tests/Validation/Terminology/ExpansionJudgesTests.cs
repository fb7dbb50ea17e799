using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Source;

namespace AtcFhir.Tests.Validation.Terminology;

/// <summary>All value sets of R4, expanded by us and by others.</summary>
public class ExpansionJudgesTests
{
    private static readonly TerminologyOperations Ours = new(new Validator(ConformanceSource.Official), TimeProvider.System, maxCodes: 100_000);

    private static Result<SortedSet<string>> Expand(string url, bool selectable = false)
    {
        if (!Ours.Expand(new DefinitionChoice(url), new ExpandRequest { ExcludeNested = true, ExcludeNotForUI = selectable, ActiveOnly = selectable }).TryGet(out var json, out var failure))
        {
            return failure;
        }

        using var document = JsonDocument.Parse(json);
        return Codes(document.RootElement.GetProperty("expansion"));
    }

    private static SortedSet<string> Codes(JsonElement expansion)
    {
        var codes = new SortedSet<string>(StringComparer.Ordinal);
        Add(expansion);
        return codes;

        void Add(JsonElement parent)
        {
            foreach (var code in parent.Items("contains"))
            {
                if (code.Text("code") is { } value)
                {
                    codes.Add($"{code.Text("system")}|{value}");
                }

                Add(code);
            }
        }
    }

    [Fact]
    public void EveryOfficialValueSetExpandsOrSaysWhyNot()
    {
        var failures = R4Terminology.ValueSetUrls.Select(url => (url, Expand(url).Failure)).Where(pair => pair.Failure is not null).ToList();

        Assert.All(failures, pair => Assert.Contains(pair.Failure!.Issues[0].Code, new[] { IssueCode.NotSupported, IssueCode.TooCostly, IssueCode.NotFound }));
        Assert.InRange(failures.Count, 1, 110);
    }

    [Fact]
    public async System.Threading.Tasks.Task TheSdkExpandsToTheSameCodes()
    {
        var settings = new DeserializerSettings().UsingMode(DeserializationMode.Recoverable);
        var resources = new[] { "Bundle-valuesets.json", "Bundle-v2-valuesets.json", "Bundle-v3-valuesets.json" }
            .SelectMany(file => new FhirJsonDeserializer(settings).Deserialize<Bundle>(File.ReadAllText(Path.Combine(R4Examples.Folder, file))).Entry.Select(entry => entry.Resource!)).ToList();
        var resolver = new InMemoryResourceResolver(resources);
        var (onlyTheirs, wider, wrong) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal), new List<string>());
        var (same, onlyOurs) = (0, 0);
        foreach (var set in resources.OfType<ValueSet>())
        {
            SortedSet<string>? theirs = null;
            try
            {
                await new Hl7.Fhir.Specification.Terminology.ValueSetExpander(new Hl7.Fhir.Specification.Terminology.ValueSetExpanderSettings { ValueSetSource = resolver, MaxExpansionSize = 100_000 }).ExpandAsync(set);
                theirs = new SortedSet<string>(Flat(set.Expansion!.Contains).Where(code => code.Code is not null).Select(code => $"{code.System}|{code.Code}"), StringComparer.Ordinal);
            }
#pragma warning disable CA1031 // it says by exceptions of many types what it cannot do
            catch (Exception)
#pragma warning restore CA1031
            {
            }

            var ours = Expand(set.Url!);
            switch (ours.Succeeded, theirs)
            {
                case (true, null):
                    onlyOurs++;
                    break;
                case (false, not null):
                    onlyTheirs.Add(NameOf(set.Url!));
                    break;
                case (true, not null) when ours.Value.SetEquals(theirs):
                    same++;
                    break;
                case (true, not null) when ours.Value.IsSupersetOf(theirs):
                    wider.Add(NameOf(set.Url!));
                    break;
                case (true, not null):
                    wrong.Add($"{set.Url}: ours without {string.Join(' ', theirs.Except(ours.Value).Take(5))}");
                    break;
            }
        }

        Assert.Empty(wrong);

        // R4 forbids to expand from a part of a code system, or from another version than the value set names (task-code: 3.6.0).
        Assert.Equal(["appointment-cancellation-reason", "insuranceplan-type", "program", "service-category", "service-type", "task-code"], onlyTheirs);

        // The SDK looks for children by nesting only; these systems name some by the property child.
        Assert.Equal(["detectedissue-category", "parent-relationship-codes", "v3-ActPharmacySupplyType"], wider);
        Assert.Equal((1207, 2), (same, onlyOurs));
    }

    /// <summary>
    /// Theirs are made for selection: without abstract codes, without most that are deprecated. So they lie between all of ours, and those of ours that are
    /// active and can be selected.
    /// </summary>
    [Fact]
    public void Hl7ExpandsToTheSameCodes()
    {
        var (missing, more) = (new List<string>(), new SortedSet<string>(StringComparer.Ordinal));
        var (compared, same) = (0, 0);
        foreach (var file in Directory.EnumerateFiles(PublicPackage.Folder("hl7.fhir.r4.expansions"), "ValueSet-*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement;
            if (root.Text("url") is not { } url || !root.TryGetProperty("expansion", out var expansion))
            {
                continue;
            }

            var theirs = Codes(expansion);
            if (!Expand(url).TryGet(out var ours, out var failure))
            {
                // They asked a server that has SNOMED CT, LOINC and the like.
                Assert.Contains(failure.Issues[0].Code, new[] { IssueCode.NotSupported, IssueCode.TooCostly, IssueCode.NotFound });
                continue;
            }

            compared++;
            same += ours.SetEquals(theirs) ? 1 : 0;
            if (!ours.IsSupersetOf(theirs))
            {
                missing.Add($"{url}: ours without {string.Join(' ', theirs.Except(ours).Take(5))}");
            }

            if (!Expand(url, selectable: true).Value.IsSubsetOf(theirs))
            {
                more.Add(NameOf(url));
            }
        }

        Assert.Empty(missing);

        // LOINC codes that their server no longer has; currencies that are newer than theirs; children that are named by a property.
        Assert.Equal(["c80-doc-typecodes", "currencies", "detectedissue-category", "v3-ActPharmacySupplyType"], more);
        Assert.Equal((491, 470), (compared, same));
    }

    [Fact]
    public void Hl7TerminologyLoadsAsAPackage()
    {
        var package = FhirPackage.Open(PublicPackage.Folder("hl7.terminology.r4")).Value;
        var source = ConformanceSource.Official.With(package);
        var terminology = new TerminologyService(source);
        var operations = new TerminologyOperations(new Validator(source), TimeProvider.System, 100_000);

        // R4 spells it with a capital; the package is the newer edition of the same system.
        Assert.Equal(CodeKnowledge.Valid, terminology.Knows("http://terminology.hl7.org/CodeSystem/adverse-event-seriousness", default, "serious"));
        Assert.Equal(CodeKnowledge.OlderVersionOnly, terminology.Knows("http://terminology.hl7.org/CodeSystem/adverse-event-seriousness", default, "Serious"));
        var sets = package.Resources.Where(resource => resource.ResourceType == "ValueSet").Select(resource => resource.Url!).ToList();
        var failures = sets.Select(url => (url, operations.Expand(new DefinitionChoice(url), new ExpandRequest()).Failure)).Where(pair => pair.Failure is not null).ToList();
        Assert.All(failures, pair => Assert.Contains(pair.Failure!.Issues[0].Code, new[] { IssueCode.NotSupported, IssueCode.TooCostly, IssueCode.NotFound }));
        Assert.True(failures.Count * 4 < sets.Count);

        // The package's value set names a version of its system that the package does not have; that can be overruled.
        var old = new DefinitionChoice("http://terminology.hl7.org/ValueSet/v2-0001");
        Assert.False(operations.Expand(old, new ExpandRequest()).Succeeded);
        Assert.True(operations.Expand(old, new ExpandRequest { ForceSystemVersions = ["http://terminology.hl7.org/CodeSystem/v2-0001|3.0.0"] }).Succeeded);
    }

    private static string NameOf(string url) => url[(url.LastIndexOf('/') + 1)..];

    private static IEnumerable<ValueSet.ContainsComponent> Flat(IEnumerable<ValueSet.ContainsComponent> codes) => codes.SelectMany(code => Flat(code.Contains).Prepend(code));
}

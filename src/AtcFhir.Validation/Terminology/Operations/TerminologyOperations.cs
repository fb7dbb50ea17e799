using System.Text.Json;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>
/// The terminology operations of R4 over what a validator knows, without HTTP: the door for servers and tools. Safe for any number of threads.
/// <see href="https://hl7.org/fhir/R4/terminology-service.html"/>
/// </summary>
/// <param name="maxCodes">An expansion of more codes has to be asked for in pages.</param>
public sealed class TerminologyOperations(Validator validator, TimeProvider time, int maxCodes = 10_000)
{
    private readonly ConformanceSource source = validator.Source;
    private readonly TerminologyService terminology = validator.Terminology;
    private readonly Lazy<IReadOnlyList<ConceptMapModel>> maps = new(() => NewestOfEach(validator.Source));

    /// <summary>Canonicals of the code systems that are known.</summary>
    public IReadOnlyList<string> CodeSystems => source.CodeSystemUrls;

    /// <summary>The ValueSet with its expansion, as JSON.</summary>
    public Result<ReadOnlyMemory<byte>> Expand(DefinitionChoice choice, ExpandRequest request)
    {
        if (!FindValueSet(choice).TryGet(out var set, out var unknown))
        {
            return unknown;
        }

        return new ValueSetExpander(terminology, request, time, maxCodes).Expand(set).TryGet(out var expansion, out var failure)
            ? ExpansionJson.Write(expansion, request, time.GetUtcNow())
            : failure;
    }

    /// <summary>The codes of a value set, as system and code; those without a system are left out.</summary>
    public Result<IReadOnlyList<(string System, string Code)>> CodesOf(DefinitionChoice choice)
    {
        if (!FindValueSet(choice).TryGet(out var set, out var unknown))
        {
            return unknown;
        }

        if (!new ValueSetExpander(terminology, new ExpandRequest { ExcludeNested = true }, time, maxCodes).Expand(set).TryGet(out var expansion, out var failure))
        {
            return failure;
        }

        return Listed(expansion.Shown.Where(code => code.System is not null).Select(code => (code.System!, code.Code)));
    }

    /// <summary>A code with all that it subsumes, or that subsume it; with a null system in every system above the official ones that has it.</summary>
    public Result<IReadOnlyList<(string System, string Code)>> Hierarchy(string? system, string code, bool below)
    {
        var known = (system is null ? source.OwnCodeSystemUrls : [system]).Select(url => Array.Find(terminology.CodeSystems(url), model => model.Find(code) is not null)).OfType<CodeSystemModel>().ToList();
        if (known.Count == 0)
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, system is null ? $"No code system with the code '{code}' is known here; name the system." : $"The code {system}|{code} is not known here.");
        }

        return Listed(known.SelectMany(model => model.Concepts.Where(concept => below ? model.IsA(concept.Code, code) : model.IsA(code, concept.Code)).Select(concept => (model.Url, concept.Code))));
    }

    private static Result<IReadOnlyList<(string System, string Code)>> Listed(IEnumerable<(string System, string Code)> codes) => codes.ToList();

    /// <summary>Are the codes in the value set?</summary>
    public Result<CodeVerdict> ValidateInValueSet(DefinitionChoice choice, CodeCheckRequest request)
        => FindValueSet(choice).TryGet(out var set, out var unknown) ? new CodeCheck(terminology, request).Against(set) : unknown;

    /// <summary>Are the codes ones of the code system?</summary>
    public Result<CodeVerdict> ValidateInCodeSystem(DefinitionChoice choice, CodeCheckRequest request)
    {
        if (!choice.Json.IsEmpty)
        {
            return Parse(choice.Json) is { } root && CodeSystemReader.Read(root) is { } given
                ? new CodeCheck(new TerminologyService(source.With(root.GetRawText())), request).Against(given.Url, given.Version)
                : Unreadable("CodeSystem");
        }

        var (url, version) = ConformanceSource.SplitCanonical(choice.Canonical!);
        return SystemByRule.Has(url) || terminology.CodeSystems(version is null ? url : $"{url}|{version}").Length > 0
            ? new CodeCheck(terminology, request).Against(url, version)
            : NotKnown("code system", choice);
    }

    public Result<LookupAnswer> LookUp(LookupRequest request) => new Lookup(terminology, request).Answer();

    /// <summary>equivalent, subsumes, subsumed-by or not-subsumed.</summary>
    public Result<string> Subsumes(string system, string? version, string codeA, string codeB) => Subsumption.Between(terminology, system, version, codeA, codeB);

    /// <summary>By one map, or, without a choice, by all that are known.</summary>
    public Result<TranslateAnswer> Translate(DefinitionChoice? choice, TranslateRequest request)
    {
        IReadOnlyList<ConceptMapModel> chosen = maps.Value;
        if (choice is { Json.IsEmpty: false })
        {
            if (Parse(choice.Json) is not { } root || ConceptMapModel.Read(root) is not { } given)
            {
                return Unreadable("ConceptMap");
            }

            chosen = [given];
        }
        else if (choice?.Canonical is { } canonical)
        {
            if (terminology.ConceptMap(canonical) is not { } known)
            {
                return NotKnown("concept map", choice);
            }

            chosen = [known];
        }

        return new Translation(terminology, request).By(chosen);
    }

    private Result<CompiledValueSet> FindValueSet(DefinitionChoice choice)
    {
        if (choice.Json.IsEmpty)
        {
            // A binding is content with the official definition of any version; who asks for one by its version wants that one.
            return terminology.ValueSet(choice.Canonical!) is not { } known ? NotKnown("value set", choice, terminology.OtherVersionsOfValueSet(choice.Canonical!))
                : ConformanceSource.SplitCanonical(choice.Canonical!).Version is { } version && !ConformanceSource.VersionFits(known.Version, version) ? NotKnown("value set", choice, $" (known: {known.Version})")
                : known;
        }

        return Parse(choice.Json) is { } root && ValueSetModel.Read(root) is { } given ? new CompiledValueSet(given, terminology) : Unreadable("ValueSet");
    }

    private static List<ConceptMapModel> NewestOfEach(ConformanceSource source)
        => [.. source.Resources("ConceptMap").Select(ConceptMapModel.Read).OfType<ConceptMapModel>()
            .GroupBy(map => map.Url, (_, versions) => versions.OrderByDescending(map => map.Version ?? "", VersionOrder.Instance).First(), StringComparer.Ordinal)
            .OrderBy(map => map.Url, StringComparer.Ordinal)];

    private static JsonElement? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, JsonReading.Lenient).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Failure NotKnown(string what, DefinitionChoice choice, string others = "") => new(FailureKind.NotFound, IssueCode.NotFound, $"The {what} {choice.Canonical} is not known here{others}.");

    private static Failure Unreadable(string type) => new(FailureKind.Malformed, IssueCode.Invalid, $"The {type} that comes along is none, or lacks what makes it one.");
}

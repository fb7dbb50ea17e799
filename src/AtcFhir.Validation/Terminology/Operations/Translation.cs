using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>What $translate is asked. <see href="https://hl7.org/fhir/R4/conceptmap-operation-translate.html"/></summary>
/// <param name="Codings">One code or coding, or those of a CodeableConcept.</param>
/// <param name="TargetSystem">Only codes of this system are wanted.</param>
/// <param name="Source">Canonical of the value set that the codes come from, which chooses the maps.</param>
/// <param name="Target">Canonical of the value set that is wanted, which chooses the maps.</param>
/// <param name="Dependencies">Further elements: URI of the element, and its code.</param>
/// <param name="Reverse">From the target of the maps to their source.</param>
public sealed record TranslateRequest(
    IReadOnlyList<ConceptCoding> Codings,
    string? TargetSystem = null,
    string? Source = null,
    string? Target = null,
    IReadOnlyList<(string Element, ConceptCoding Code)>? Dependencies = null,
    bool Reverse = false);

/// <param name="Equivalence">A code of <see href="https://hl7.org/fhir/R4/valueset-concept-map-equivalence.html"/>, read from what was asked to the match.</param>
/// <param name="Coding">Null where the map says that there is no counterpart.</param>
/// <param name="Map">Canonical of the map that it comes from.</param>
/// <param name="Products">Other elements that come out of the mapping.</param>
public sealed record TranslateMatch(string Equivalence, ConceptCoding? Coding, string? Map, IReadOnlyList<(string Element, ConceptCoding Code)> Products);

/// <summary>The answer of $translate; true when at least one match is a counterpart.</summary>
public sealed record TranslateAnswer(bool Result, string? Message, IReadOnlyList<TranslateMatch> Matches);

/// <summary>Looks codes up in concept maps.</summary>
internal sealed class Translation(TerminologyService terminology, TranslateRequest request)
{
    /// <summary>Maps may refer to each other for what they lack; deeper than this nothing new is said.</summary>
    private const int MaxMaps = 8;

    private readonly List<TranslateMatch> matches = [];

    public TranslateAnswer By(IEnumerable<ConceptMapModel> maps)
    {
        foreach (var map in maps.Where(IsWanted))
        {
            foreach (var coding in request.Codings)
            {
                Translate(map, coding, 1);
            }
        }

        var found = matches.Exists(match => match.Coding is not null && match.Equivalence is not ("unmatched" or "disjoint"));
        var asked = string.Join(", ", request.Codings);
        return new TranslateAnswer(found, found ? null : matches.Count > 0 ? $"The map says that {asked} has no counterpart." : $"No map that is known here says what becomes of {asked}.", matches);
    }

    private bool IsWanted(ConceptMapModel map)
        => Fits(request.Source, request.Reverse ? map.Target : map.Source) && Fits(request.Target, request.Reverse ? map.Source : map.Target);

    private static bool Fits(string? wanted, string? stated)
        => wanted is null || (stated is not null && ConformanceSource.SplitCanonical(wanted).Url == ConformanceSource.SplitCanonical(stated).Url);

    private void Translate(ConceptMapModel map, ConceptCoding coding, int depth)
    {
        foreach (var group in map.Groups)
        {
            var (from, fromVersion, to) = request.Reverse ? (group.Target, group.TargetVersion, group.Source) : (group.Source, group.SourceVersion, group.Target);
            if (from != coding.System
                || (coding.Version is { } version && fromVersion is not null && fromVersion != version)
                || (request.TargetSystem is { } target && to != target))
            {
                continue;
            }

            if (request.Reverse)
            {
                Backward(map, group, coding);
            }
            else
            {
                Forward(map, group, coding, depth);
            }
        }
    }

    private void Forward(ConceptMapModel map, MapGroup group, ConceptCoding coding, int depth)
    {
        var elements = group.Elements.Where(element => element.Code == coding.Code).ToList();
        foreach (var target in elements.SelectMany(element => element.Targets).Where(target => target.DependsOn.All(IsMet)))
        {
            Add(map, target.Equivalence, group.Target, group.TargetVersion, target.Code, target.Display, [.. target.Products.Select(product => (product.Property, new ConceptCoding(product.System, null, product.Value, product.Display)))]);
        }

        if (elements.Count > 0 || group.Unmapped is not { } rule)
        {
            return;
        }

        switch (rule.Mode)
        {
            case "provided":
                Add(map, "equal", group.Target, group.TargetVersion, coding.Code, coding.Display, []);
                break;
            case "fixed":
                Add(map, "inexact", group.Target, group.TargetVersion, rule.Code, rule.Display, []);
                break;
            case "other-map" when depth < MaxMaps && rule.Url is { } url && terminology.ConceptMap(url) is { } other:
                Translate(other, coding, depth + 1);
                break;
        }
    }

    private void Backward(ConceptMapModel map, MapGroup group, ConceptCoding coding)
    {
        foreach (var element in group.Elements)
        {
            foreach (var target in element.Targets.Where(target => target.Code == coding.Code))
            {
                Add(map, Inverse(target.Equivalence), group.Source, group.SourceVersion, element.Code, element.Display, []);
            }
        }
    }

    /// <summary>A map that depends on another element holds only where that element has the value.</summary>
    private bool IsMet(MapDependency needed)
        => request.Dependencies?.Any(given => given.Element == needed.Property && given.Code.Code == needed.Value && (needed.System is null || given.Code.System == needed.System)) == true;

    private void Add(ConceptMapModel map, string equivalence, string? system, string? version, string? code, string? display, IReadOnlyList<(string, ConceptCoding)> products)
    {
        var coding = code is null ? null : new ConceptCoding(system, version, code, display ?? (system is null ? null : terminology.Concept(system, version, code)?.Display));
        var match = new TranslateMatch(equivalence, coding, map.Url is null || map.Version is null ? map.Url : $"{map.Url}|{map.Version}", products);
        if (!matches.Exists(known => known.Equivalence == match.Equivalence && known.Coding == match.Coding && known.Map == match.Map))
        {
            matches.Add(match);
        }
    }

    private static string Inverse(string equivalence) => equivalence switch
    {
        "wider" => "narrower",
        "narrower" => "wider",
        "subsumes" => "specializes",
        "specializes" => "subsumes",
        _ => equivalence,
    };
}

using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>A resource with the resources that it contains, each with the index rows that it would have if it stood alone.</summary>
internal sealed class Container : IDisposable
{
    private readonly ResourceDocument document;

    public Container(ReadOnlyMemory<byte> body, SearchExtractor extractor)
    {
        document = ResourceDocument.Parse(body, Limits).Value;
        Self = new ContainedResource(this, document, extractor);
        var contained = new List<ContainedResource>();
        foreach (var node in document.Root.ChildrenOf("contained"))
        {
            if (ResourceDocument.Parse(document.Utf8[node.JsonRange], Limits).TryGet(out var part, out _))
            {
                contained.Add(new ContainedResource(this, part, extractor));
            }
        }

        Contained = contained;
    }

    /// <summary>What is stored was read under the limits of its time.</summary>
    private static DocumentLimits Limits => new(MaxBytes: int.MaxValue, MaxDepth: 128);

    public ContainedResource Self { get; }

    /// <summary>The version that <see cref="Self"/> is; null when that does not matter.</summary>
    public StoredResource? Stored { get; init; }

    public IReadOnlyList<ContainedResource> Contained { get; }

    public void Dispose()
    {
        foreach (var one in Contained)
        {
            one.Document.Dispose();
        }

        document.Dispose();
    }
}

/// <summary>One of the resources of a <see cref="Searching.Container"/>, or the container itself.</summary>
internal sealed class ContainedResource(Container container, ResourceDocument document, SearchExtractor extractor)
{
    private IReadOnlyList<SearchRow>? rows;

    public Container Container => container;

    /// <summary>Of the container itself, when it is known.</summary>
    public StoredResource? Stored => ReferenceEquals(container.Self, this) ? container.Stored : null;

    public ResourceDocument Document => document;

    public string Type => document.ResourceType;

    public IReadOnlyList<SearchRow> Rows => rows ??= extractor.Extract(document);

    /// <summary>The resources of the same container that a parameter refers to: "#id", and "#" for the container.</summary>
    public IEnumerable<ContainedResource> Inside(IReadOnlyList<SearchParameter> references)
    {
        foreach (var (path, targetType) in references.Where(reference => reference.ResourceType == Type).SelectMany(reference => reference.Sources))
        {
            var found = new List<FhirPathItem>();
            path.Select(document.Root, found);
            foreach (var reference in found.Where(item => item.IsNode && item.Node.Type.Name == "Reference").Select(item => item.Node.Child("reference").Text))
            {
                var target = reference switch
                {
                    "#" => container.Self,
                    ['#', .. var id] => container.Contained.FirstOrDefault(contained => contained.Document.Id == id),
                    _ => null,
                };
                if (target is not null && (targetType is null || targetType == target.Type))
                {
                    yield return target;
                }
            }
        }
    }

    /// <summary>The resources of the store that a parameter refers to.</summary>
    public IEnumerable<ReferenceRow> Outside(IReadOnlyList<SearchParameter> references)
        => references.SelectMany(reference => reference.Sources).SelectMany(source => Rows.OfType<ReferenceRow>()
            .Where(row => RowMatcher.Same(row.Path, source.Path) && (source.TargetType is null || source.TargetType == row.Type) && row is { Type.Length: > 0, Id.Length: > 0 }));
}

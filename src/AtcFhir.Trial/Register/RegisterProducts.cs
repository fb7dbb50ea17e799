using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>The products of a record: each a block of type, brand, generic name and registration.</summary>
internal sealed class RegisterProducts
{
    private static readonly RegisterField[] Order = [RegisterField.ProductType, RegisterField.Brand, RegisterField.Generic, RegisterField.ProductRegistration];

    private readonly List<Dictionary<RegisterField, string>> blocks = [];

    public (LineUse, string) Read(RegisterLine line)
    {
        if (line.Value.Length == 0)
            return (LineUse.Structure, "no value is given");

        if (blocks.Count == 0 || blocks[^1].ContainsKey(line.Field))
            blocks.Add([]);

        blocks[^1][line.Field] = line.Value;
        return (LineUse.Taken, line.Field is RegisterField.Brand or RegisterField.Generic ? "ResearchStudy.focus" : "ResearchStudy.note");
    }

    /// <summary>What is studied: the generic name, the brand in brackets.</summary>
    public IEnumerable<StudyTerm> Focus() => Distinct().Select(Named).OfType<StudyTerm>();

    /// <summary>The medicines, for a Medication each.</summary>
    public IEnumerable<StudyTerm> Medicines() => Distinct().Where(block => Value(block, RegisterField.ProductType) == "Medicine").Select(Named).OfType<StudyTerm>();

    /// <summary>The only generic name, or null.</summary>
    public string? OnlyGeneric => Distinct().Select(block => Value(block, RegisterField.Generic)).OfType<string>().Distinct().ToList() is [var only] ? only : null;

    /// <summary>Kind and registration of each product, in the words of the register.</summary>
    public IEnumerable<string> Notes()
    {
        foreach (var block in Distinct())
        {
            List<string> words = [];
            if (Value(block, RegisterField.ProductType) is { } type)
                words.Add($"Product type: {type}.");
            if (Value(block, RegisterField.ProductRegistration) is { } registration)
                words.Add($"Registration: {registration}.");
            if (words.Count > 0)
                yield return (Named(block)?.Text is { } name ? name + ". " : string.Empty) + string.Join(' ', words);
        }
    }

    private IEnumerable<Dictionary<RegisterField, string>> Distinct()
        => blocks.DistinctBy(block => string.Join('\n', Order.Select(field => Value(block, field))));

    private static StudyTerm? Named(Dictionary<RegisterField, string> block) => (Value(block, RegisterField.Generic), Value(block, RegisterField.Brand)) switch
    {
        (null, null) => null,
        (null, { } brand) => StudyTerm.Words(brand),
        ({ } generic, null) => new StudyTerm(RegisterVocabulary.Product(generic), generic),
        ({ } generic, { } brand) => new StudyTerm(RegisterVocabulary.Product(generic), $"{generic} ({brand})"),
    };

    private static string? Value(Dictionary<RegisterField, string> block, RegisterField field) => block.TryGetValue(field, out var value) ? value : null;
}

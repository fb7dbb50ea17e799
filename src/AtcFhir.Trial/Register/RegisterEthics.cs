using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>The opinions of ethics committees: each a block of opinion, date, application type and commission.</summary>
internal sealed class RegisterEthics
{
    private readonly List<Block> blocks = [];
    private string? summary;

    /// <summary>Names of the commissions, each once.</summary>
    public IEnumerable<string> Commissions => blocks.Select(block => block.Commission).OfType<string>().Distinct();

    /// <summary>What the head of the page says of it all.</summary>
    public (LineUse, string) Summary(RegisterLine line)
    {
        if (summary is not null)
            return summary == line.Value ? (LineUse.Repeated, "an earlier line says the same") : (LineUse.NotTaken, "an earlier line says otherwise");

        summary = line.Value;
        return (LineUse.Taken, "ResearchStudy.extension (progressStatus)");
    }

    public (LineUse, string) Opinion(RegisterLine line)
    {
        blocks.Add(new Block { Opinion = line.Value });
        return (LineUse.Taken, "ResearchStudy.extension (progressStatus)");
    }

    public (LineUse, string) Read(RegisterLine line)
    {
        if (line.Value.Length == 0)
            return (LineUse.Structure, "no value is given");
        if (line.Field == RegisterField.EthicsDate && RegisterDates.Read(line.Value) is null)
            return (LineUse.NotTaken, "this is no date dd-mm-yyyy");

        if (blocks.Count == 0 || blocks[^1].Has(line.Field))
            blocks.Add(new Block());

        blocks[^1].Set(line.Field, line.Value);
        return (LineUse.Taken, "ResearchStudy.extension (progressStatus)");
    }

    public IEnumerable<StudyProgress> Progress()
    {
        if (summary is not null && blocks.All(block => block.Opinion != summary))
            yield return new StudyProgress(RegisterVocabulary.Opinion(summary), summary, true);

        // A page may say the same block twice.
        foreach (var block in blocks.DistinctBy(block => (block.Opinion, block.Date, block.ApplicationType, block.Commission)))
            yield return new StudyProgress(block.Opinion is null ? null : RegisterVocabulary.Opinion(block.Opinion), block.Words, true, block.Date is null ? null : RegisterDates.Read(block.Date));
    }

    private sealed class Block
    {
        public string? Opinion { get; init; }

        public string? Date { get; private set; }

        public string? ApplicationType { get; private set; }

        public string? Commission { get; private set; }

        public string Words
        {
            get
            {
                var details = string.Join(", ", new[] { ApplicationType, Commission }.OfType<string>());
                return details.Length == 0 ? Opinion ?? "Ethics review" : $"{Opinion ?? "Ethics review"} ({details})";
            }
        }

        public bool Has(RegisterField field) => Slot(field) is not null;

        public void Set(RegisterField field, string value)
        {
            if (field == RegisterField.EthicsDate)
                Date = value;
            else if (field == RegisterField.ApplicationType)
                ApplicationType = value;
            else
                Commission = value;
        }

        private string? Slot(RegisterField field) => field switch { RegisterField.EthicsDate => Date, RegisterField.ApplicationType => ApplicationType, _ => Commission };
    }
}

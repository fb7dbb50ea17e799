using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>What an import made of one line of the record.</summary>
public enum LineUse
{
    /// <summary>Its content is in the Bundle.</summary>
    Taken,
    /// <summary>A heading, or a label without a value: it says where the lines below belong.</summary>
    Structure,
    /// <summary>Understood, but another line said it already.</summary>
    Repeated,
    /// <summary>Not understood, contradicting, or nothing in the study can hold it: for a person to look at.</summary>
    NotTaken,
}

/// <summary>One non-blank line of the record and what became of it.</summary>
/// <param name="Number">One-based.</param>
/// <param name="Text">The line as given.</param>
/// <param name="Use">What became of it.</param>
/// <param name="Where">The element in the Bundle that holds it, or why it was not taken.</param>
public sealed record LineReport(int Number, string Text, LineUse Use, string Where);

/// <summary>The study of a register record.</summary>
/// <param name="Bundle">JSON of a transaction Bundle that updates by id, with the ResearchStudy first.</param>
/// <param name="Lines">Every non-blank line of the record, in its order.</param>
public sealed record ImportedStudy(byte[] Bundle, IReadOnlyList<LineReport> Lines);

/// <summary>
/// Reads a record of the Dutch trial register (onderzoekmetmensen.nl, page as text) into a study. What the record does not say is left out;
/// nothing is inferred. The same record gives the same Bundle, under ids that begin with its number.
/// </summary>
public static class StudyImport
{
    public static ImportedStudy Run(string record)
    {
        var lines = RegisterPage.Read(record);
        var studyId = IdOf(lines);
        var draft = new StudyDraft(studyId);
        foreach (var line in lines)
            draft.Read(line);

        var criteria = StudyCriteria.Of(draft, studyId);
        var sites = Sites(draft, studyId);
        var study = StudyAssembly.Of(draft, studyId, [.. criteria.Select(group => "Group/" + group.Id)], [.. sites.Select(site => "Location/" + site.Id)]);
        List<(string Type, string Id, byte[] Json)> entries =
        [
            ("ResearchStudy", studyId, study.ToFhir()),
            .. draft.Organizations.Resources.Select(organization => ("Organization", organization.Id, organization.Json)),
            .. sites.Select(site => ("Location", site.Id, site.Json)),
            .. criteria.Select(group => ("Group", group.Id, group.Json)),
            .. Medications(draft, studyId),
        ];
        return new ImportedStudy(Bundle(entries), [.. lines.Select(line => new LineReport(line.Number, line.Text, draft.AnswerOf(line).Use, draft.AnswerOf(line).Where))]);
    }

    private static string IdOf(IReadOnlyList<RegisterLine> lines)
    {
        var number = lines.FirstOrDefault(line => line is { Kind: RegisterLineKind.Text, Section: RegisterSection.Id })?.Value ?? "imported-study";
        var id = string.Concat(number.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')).Trim('-');
        return id.Length is 0 ? "imported-study" : id[..Math.Min(id.Length, 40)];
    }

    private static List<(string Id, byte[] Json)> Sites(StudyDraft draft, string studyId) => [.. draft.Many("site").Select((name, at) =>
    {
        var id = $"{studyId}-site-{at + 1}";
        return (id, ResourceWriter.Write("Location", id, writer => writer.Text("name", name)));
    })];

    private static IEnumerable<(string Type, string Id, byte[] Json)> Medications(StudyDraft draft, string studyId) => draft.Products.Medicines().Select((product, at) =>
    {
        var id = $"{studyId}-product-{at + 1}";
        return ("Medication", id, ResourceWriter.Write("Medication", id, writer => TrialStudy.WriteTerm(writer, "code", product)));
    });

    private static byte[] Bundle(IReadOnlyList<(string Type, string Id, byte[] Json)> entries) => ResourceWriter.Write("Bundle", null, writer =>
    {
        writer.Text("type", "transaction");
        writer.Objects("entry", entries, entry =>
        {
            writer.Text("fullUrl", $"{ConceptCatalog.Canonical}{entry.Type}/{entry.Id}");
            writer.Raw("resource", entry.Json);
            writer.Object("request", () =>
            {
                writer.Text("method", "PUT");
                writer.Text("url", $"{entry.Type}/{entry.Id}");
            });
        });
    });
}

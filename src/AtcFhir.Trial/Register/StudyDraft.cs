using System.Text.RegularExpressions;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>
/// A study while its record is read, line by line in the order of the record. Every line gets an answer; what is said twice with the same
/// words is repeated, what contradicts an earlier line is not taken.
/// </summary>
internal sealed partial class StudyDraft(string studyId)
{
    private readonly Dictionary<int, (LineUse Use, string Where)> answers = [];
    private readonly Dictionary<string, (string Value, int Line)> single = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> many = new(StringComparer.Ordinal);
    private readonly List<(RegisterSection Section, string Text)> prose = [];
    private readonly RegisterEthics ethics = new();
    private readonly RegisterProducts products = new();
    private readonly List<(string Register, string Number)> registers = [];
    private readonly List<(string? Id, string? Source)> otherRegistrations = [];
    private readonly List<(RegisterSection Contact, string Organization)> contacts = [];

    public RegisterOrganizations Organizations { get; } = new(studyId);

    public RegisterEthics Ethics => ethics;

    public RegisterProducts Products => products;

    public IReadOnlyList<(string Register, string Number)> Registers => registers;

    public IReadOnlyList<(string? Id, string? Source)> OtherRegistrations => otherRegistrations;

    public IReadOnlyList<(RegisterSection Contact, string Organization)> Contacts => contacts;

    public string? Single(string name) => single.TryGetValue(name, out var found) ? found.Value : null;

    public IReadOnlyList<string> Many(string name) => many.TryGetValue(name, out var found) ? found : [];

    public IEnumerable<string> Prose(RegisterSection section) => prose.Where(line => line.Section == section).Select(line => line.Text);

    public (LineUse Use, string Where) AnswerOf(RegisterLine line) => answers[line.Number];

    public void Read(RegisterLine line) => answers[line.Number] = line.Kind switch
    {
        RegisterLineKind.Title => Once(line, "title", "ResearchStudy.title"),
        RegisterLineKind.Heading when line.Section == RegisterSection.Unknown => (LineUse.NotTaken, "this heading is not one of the register's"),
        RegisterLineKind.Heading => (LineUse.Structure, "heading"),
        RegisterLineKind.Field => ReadField(line),
        _ => ReadText(line),
    };

    private (LineUse, string) ReadField(RegisterLine line) => line.Field switch
    {
        RegisterField.Published => Date(line, "published", "ResearchStudy.extension (registration)"),
        RegisterField.LastUpdated => Date(line, "updated", "ResearchStudy.extension (registration)"),
        RegisterField.EthicalReview => ethics.Summary(line),
        RegisterField.Status => Once(line, "status", "ResearchStudy.status and extension (progressStatus)"),
        RegisterField.ConditionType => Each(line, "condition", line.Value.TrimStart('-').Trim(), "ResearchStudy.condition"),
        RegisterField.StudyType => Once(line, "type", "ResearchStudy.category"),
        RegisterField.PrimarySponsor => Sponsor(line),
        RegisterField.Support => Supporters(line),
        RegisterField.Keyword => EachOf(line, "keyword", line.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), "ResearchStudy.keyword"),
        RegisterField.Masking => Once(line, "masking", "ResearchStudy.extension (studyDesign)"),
        RegisterField.Control => Once(line, "control", "ResearchStudy.extension (studyDesign)"),
        RegisterField.Allocation => Once(line, "allocation", "ResearchStudy.extension (studyDesign)"),
        RegisterField.Model => Once(line, "model", "ResearchStudy.extension (studyDesign)"),
        RegisterField.Purpose => Once(line, "purpose", "ResearchStudy.primaryPurposeType"),
        RegisterField.Start => Date(line, "start", "ResearchStudy.period.start and extension (progressStatus, not actual)"),
        RegisterField.StartActual => Date(line, "started", "ResearchStudy.period.start and extension (progressStatus, actual)"),
        RegisterField.Enrollment => WholeNumber(line),
        RegisterField.EnrollmentType => line.Value is "Actual" or "Anticipated" ? Once(line, "enrollment type", "which number of ResearchStudy.extension (recruitment) it is") : NoSuch("a kind of enrollment is Actual or Anticipated"),
        RegisterField.ProductType or RegisterField.Brand or RegisterField.Generic or RegisterField.ProductRegistration => products.Read(line),
        RegisterField.EthicsDate or RegisterField.ApplicationType or RegisterField.Commission => ethics.Read(line),
        RegisterField.RegistrationId or RegisterField.RegistrationSource or RegisterField.RegistrationTitle => Registration(line),
        _ => NoSuch("not understood"),
    };

    private (LineUse, string) ReadText(RegisterLine line) => line.Section switch
    {
        RegisterSection.Head => Paragraph(line, "ResearchStudy.extension (descriptionSummary)"),
        RegisterSection.Id => Once(line, "id", "ResearchStudy.identifier"),
        RegisterSection.Source => Once(line, "source", "ResearchStudy.identifier.assigner"),
        RegisterSection.BriefTitle => Once(line, "acronym", "ResearchStudy.extension (label)"),
        RegisterSection.Condition => Each(line, "condition", line.Value.TrimStart('-').Trim(), "ResearchStudy.condition"),
        RegisterSection.Synonym => Each(line, "synonym", line.Value, "ResearchStudy.condition"),
        RegisterSection.Involving => NoSuch("a ResearchStudy has no element for it; each subject's record says it"),
        RegisterSection.Intervention => Paragraph(line, "ResearchStudy.arm.description or description"),
        RegisterSection.PrimaryOutcome or RegisterSection.SecondaryOutcome => Paragraph(line, "ResearchStudy.extension (outcomeMeasure)"),
        RegisterSection.Background or RegisterSection.Burden => Paragraph(line, "ResearchStudy.description"),
        RegisterSection.Objective => Paragraph(line, "ResearchStudy.objective"),
        RegisterSection.StudyDesign => Paragraph(line, "ResearchStudy.extension (studyDesign)"),
        RegisterSection.Design => Each(line, "design", line.Value, "ResearchStudy.extension (studyDesign)"),
        RegisterSection.PublicContact or RegisterSection.ScientificContact => Contact(line),
        RegisterSection.Sites => Each(line, "site", line.Value.TrimStart('-').Trim(), "ResearchStudy.site"),
        RegisterSection.Countries or RegisterSection.Recruitment => Country(line),
        RegisterSection.Age => Each(line, "age", line.Value, "ResearchStudy.enrollment (age)"),
        RegisterSection.Inclusion => EachOf(line, "inclusion", RegisterProse.Criteria(line.Value), "ResearchStudy.enrollment (inclusion)"),
        RegisterSection.Exclusion => EachOf(line, "exclusion", RegisterProse.Criteria(line.Value), "ResearchStudy.enrollment (exclusion)"),
        RegisterSection.Ethics => ethics.Opinion(line),
        RegisterSection.FollowedUp or RegisterSection.OtherRegistrations or RegisterSection.OtherRegisters => OtherRegister(line),
        _ => NoSuch("it stands under no heading that says what it is"),
    };

    private (LineUse, string) Once(RegisterLine line, string name, string where) => Once(line, name, line.Value, where);

    private (LineUse, string) Once(RegisterLine line, string name, string value, string where)
    {
        if (value.Length == 0)
            return (LineUse.Structure, "no value is given");
        if (!single.TryGetValue(name, out var earlier))
        {
            single[name] = (value, line.Number);
            return (LineUse.Taken, where);
        }

        return earlier.Value == value ? Repeats(earlier.Line) : NoSuch($"line {earlier.Line} says otherwise");
    }

    private (LineUse, string) Each(RegisterLine line, string name, string value, string where) => EachOf(line, name, [value], where);

    private (LineUse, string) EachOf(RegisterLine line, string name, IReadOnlyList<string> values, string where)
    {
        if (!many.TryGetValue(name, out var list))
            many[name] = list = [];

        var added = values.Where(value => value.Length > 0 && !list.Contains(value)).ToList();
        list.AddRange(added);
        return added.Count > 0 ? (LineUse.Taken, where) : values.All(value => value.Length == 0) ? (LineUse.Structure, "no value is given") : (LineUse.Repeated, "an earlier line says the same");
    }

    private (LineUse, string) Paragraph(RegisterLine line, string where)
    {
        if (prose.Contains((line.Section, line.Value)))
            return (LineUse.Repeated, "an earlier line says the same");

        prose.Add((line.Section, line.Value));
        return (LineUse.Taken, where);
    }

    private (LineUse, string) Date(RegisterLine line, string name, string where)
        => RegisterDates.Read(line.Value) is { } date ? Once(line, name, date.ToString(), where) : NoSuch("this is no date dd-mm-yyyy");

    private (LineUse, string) WholeNumber(RegisterLine line)
        => int.TryParse(line.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Once(line, "enrollment", count.ToString(CultureInfo.InvariantCulture), "ResearchStudy.extension (recruitment)")
            : NoSuch("this is no whole number");

    private (LineUse, string) Sponsor(RegisterLine line)
    {
        var answer = Once(line, "sponsor", "ResearchStudy.sponsor");
        if (answer.Item1 == LineUse.Taken)
            _ = Organizations.Named(line.Value);

        return answer;
    }

    // Several supporters are separated by commas; a comma within a name cannot be told apart, so the words stay together.
    private (LineUse, string) Supporters(RegisterLine line) => Each(line, "support", line.Value, "ResearchStudy.extension (associatedParty, funding-source)");

    // The first line names the organization, the others its address.
    private (LineUse, string) Contact(RegisterLine line)
    {
        var known = contacts.FindIndex(contact => contact.Contact == line.Section);
        if (known < 0)
        {
            contacts.Add((line.Section, line.Value));
            _ = Organizations.Named(line.Value);
            return (LineUse.Taken, "ResearchStudy.contact and Organization.name");
        }

        var organization = contacts[known].Organization;
        if (string.Equals(organization, line.Value, StringComparison.OrdinalIgnoreCase))
            return (LineUse.Repeated, "an earlier line says the same");

        return Organizations.AddLine(organization, line.Value) ? (LineUse.Taken, "Organization.address") : (LineUse.Repeated, "the organization has it already");
    }

    private (LineUse, string) Country(RegisterLine line)
    {
        if (line.Section == RegisterSection.Recruitment && line.Value.Length != 2)
            return NoSuch("not understood");

        return Each(line, "country", RegisterVocabulary.Country(line.Value.TrimStart('-').Trim()).Text!, "ResearchStudy.location");
    }

    private (LineUse, string) Registration(RegisterLine line)
    {
        if (line.Section is not (RegisterSection.OtherRegistrations or RegisterSection.FollowedUp))
            return NoSuch("it stands under no heading that says of what");
        if (line.Value.Length == 0)
            return (LineUse.Structure, "no value is given");
        if (line.Field == RegisterField.RegistrationTitle)
            return NoSuch("the title of another registration; this study has its own");

        if (line.Field == RegisterField.RegistrationId)
        {
            if (otherRegistrations.Any(other => other.Id == line.Value))
                return (LineUse.Repeated, "an earlier line says the same");

            otherRegistrations.Add((line.Value, null));
            return (LineUse.Taken, "ResearchStudy.identifier");
        }

        if (otherRegistrations.Count == 0)
            return NoSuch("no registration before it has this source");
        if (otherRegistrations[^1].Source is { } earlier)
            return earlier == line.Value ? (LineUse.Repeated, "an earlier line says the same") : NoSuch("another line gives this registration another source");

        otherRegistrations[^1] = (otherRegistrations[^1].Id, line.Value);
        return (LineUse.Taken, "ResearchStudy.identifier.type");
    }

    private (LineUse, string) OtherRegister(RegisterLine line)
    {
        var parts = Columns().Split(line.Value);
        if (line.Value == "No registrations found." || (parts.Length == 2 && parts[0] == "Register" && parts[1] == "ID"))
            return (LineUse.Structure, "heading of a table, or that there is none");
        if (parts.Length != 2)
            return NoSuch("a registration is a register and a number");
        if (registers.Contains((parts[0], parts[1])))
            return (LineUse.Repeated, "an earlier line says the same");

        registers.Add((parts[0], parts[1]));
        return (LineUse.Taken, "ResearchStudy.identifier");
    }

    private static (LineUse, string) Repeats(int line) => (LineUse.Repeated, $"line {line} says the same");

    private static (LineUse, string) NoSuch(string why) => (LineUse.NotTaken, why);

    [GeneratedRegex(@"\t+|\s{2,}|\s*\|\s*")]
    private static partial Regex Columns();
}

using AtcFhir.R4.Values;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>Makes the study out of what was read of its record.</summary>
internal static class StudyAssembly
{
    public static TrialStudy Of(StudyDraft draft, string studyId, ValueList<string> criteria, ValueList<string> sites)
    {
        var isSingleArm = draft.Single("type") == "Interventional" && string.Equals(draft.Single("control"), "Uncontrolled", StringComparison.OrdinalIgnoreCase) && draft.Products.OnlyGeneric is not null;
        return new TrialStudy(
            studyId,
            draft.Single("title"),
            draft.Single("acronym"),
            Joined(draft.Prose(RegisterSection.Head)),
            SourceName(draft.Single("source")),
            Status(draft),
            draft.Single("type") is { } type ? StudyTerm.Words(type) : null,
            draft.Single("purpose") is { } purpose ? RegisterVocabulary.PrimaryPurpose(purpose) : null,
            Description(draft, isSingleArm),
            FhirDateTime.Parse(draft.Single("started") ?? draft.Single("start")),
            draft.Single("sponsor") is { } sponsor ? draft.Organizations.Named(sponsor) : null,
            draft.Single("enrollment type") == "Anticipated" ? Enrollment(draft) : null,
            draft.Single("enrollment type") == "Actual" ? Enrollment(draft) : null)
        {
            Numbers = StudyNumbers.Of(draft),
            Progress = [.. Progress(draft)],
            Registrations = [.. Registration(draft, "published", "registration-posting"), .. Registration(draft, "updated", "update-posting")],
            Designs = [.. Designs(draft)],
            Focus = [.. draft.Products.Focus()],
            Conditions = [.. draft.Many("condition").Select(StudyTerm.Words), .. draft.Many("synonym").Select(StudyTerm.Words)],
            Keywords = [.. draft.Many("keyword").Select(StudyTerm.Words)],
            Locations = [.. draft.Many("country").Select(RegisterVocabulary.Country)],
            Parties = [.. Parties(draft)],
            Contacts = [.. draft.Contacts.Select(contact => $"{ContactName(contact.Contact)}: {contact.Organization}")],
            Outcomes = [.. Outcomes(draft, RegisterSection.PrimaryOutcome, "primary"), .. Outcomes(draft, RegisterSection.SecondaryOutcome, "secondary")],
            Objectives = [.. draft.Prose(RegisterSection.Objective).SelectMany(Objectives)],
            Arms = isSingleArm ? [new StudyArm(draft.Products.OnlyGeneric!, Joined(draft.Prose(RegisterSection.Intervention)))] : [],
            Criteria = criteria,
            Sites = sites,
            Notes = [.. draft.Products.Notes(), .. EnrollmentNote(draft)],
        };
    }

    private static string? Joined(IEnumerable<string> lines) => string.Join("\n\n", lines) is { Length: > 0 } text ? text : null;

    private static string? SourceName(string? source) => source is not null && source.All(char.IsAsciiLetterOrDigit) ? source : null;

    private static int? Enrollment(StudyDraft draft) => draft.Single("enrollment") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null;

    // R4 has one status for recruitment and review: where the words of recruitment have no code, the opinion that is stated counts.
    private static string? Status(StudyDraft draft)
    {
        if (draft.Single("status") is { } words && RegisterVocabulary.Status(words) is { } status)
            return status;

        var opinions = draft.Ethics.Progress().Select(progress => progress.State).OfType<string>().ToList();
        return opinions.Contains("approved") ? "approved" : opinions is [var only, ..] ? only : null;
    }

    // Neither wanted nor reached: it is not said which.
    private static IEnumerable<string> EnrollmentNote(StudyDraft draft)
    {
        if (draft.Single("enrollment") is { } count && draft.Single("enrollment type") is null)
            yield return $"Enrollment: {count}; the record does not say whether actual or anticipated.";
        if (draft.Single("enrollment") is null && draft.Single("enrollment type") is { } type)
            yield return $"Enrollment is {type}, the record gives no number.";
    }

    private static string? Description(StudyDraft draft, bool isSingleArm)
    {
        List<string> parts = [];
        Add("Background", RegisterSection.Background);
        if (!isSingleArm)
            Add("Intervention", RegisterSection.Intervention);
        Add("Burden and risks", RegisterSection.Burden);
        return Joined(parts);

        void Add(string heading, RegisterSection section)
        {
            if (Joined(draft.Prose(section)) is { } text)
                parts.Add($"**{heading}**\n\n{text}");
        }
    }

    private static IEnumerable<StudyProgress> Progress(StudyDraft draft)
    {
        foreach (var opinion in draft.Ethics.Progress())
            yield return opinion;
        if (draft.Single("start") is { } start)
            yield return new StudyProgress("overall-study", "Start date (anticipated)", false, FhirDateTime.Parse(start));
        if (draft.Single("started") is { } started)
            yield return new StudyProgress("overall-study", "Start date (actual)", true, FhirDateTime.Parse(started));
        if (draft.Single("status") is { } status)
            yield return new StudyProgress(RegisterVocabulary.Status(status), status, true);
    }

    private static IEnumerable<StudyRegistration> Registration(StudyDraft draft, string name, string activity)
    {
        if (FhirDateTime.Parse(draft.Single(name)) is { } on)
            yield return new StudyRegistration(activity, on);
    }

    private static IEnumerable<StudyTerm> Designs(StudyDraft draft)
    {
        if (draft.Single("type") is { } type)
            yield return new StudyTerm(RegisterVocabulary.StudyType(type), type);
        if (draft.Single("masking") is { } masking)
            yield return StudyTerm.Words("Masking: " + masking);
        if (draft.Single("control") is { } control)
            yield return new StudyTerm(RegisterVocabulary.Control(control), "Control: " + control);
        if (draft.Single("allocation") is { } allocation)
            yield return StudyTerm.Words("Allocation: " + allocation);
        if (draft.Single("model") is { } model)
            yield return StudyTerm.Words("Intervention model: " + model);
        foreach (var words in draft.Prose(RegisterSection.StudyDesign).Concat(draft.Many("design")))
            yield return StudyTerm.Words(words);
    }

    private static IEnumerable<StudyParty> Parties(StudyDraft draft)
    {
        if (draft.Single("sponsor") is { } sponsor)
            yield return new StudyParty("sponsor", "Primary sponsor", draft.Organizations.Named(sponsor));
        foreach (var supporter in draft.Many("support"))
            yield return new StudyParty("funding-source", "Source of monetary or material support", draft.Organizations.Named(supporter));
        foreach (var commission in draft.Ethics.Commissions)
            yield return new StudyParty("irb", "Review commission", draft.Organizations.Named(commission));
        foreach (var (contact, organization) in draft.Contacts)
            yield return new StudyParty("general-contact", ContactName(contact), draft.Organizations.Named(organization));
    }

    private static string ContactName(RegisterSection contact) => contact == RegisterSection.PublicContact ? "Public" : "Scientific";

    // A line that ends with a colon leads the items behind it in.
    private static IEnumerable<StudyAim> Outcomes(StudyDraft draft, RegisterSection section, string type)
    {
        var lead = string.Empty;
        var open = false;
        foreach (var line in draft.Prose(section))
        {
            var text = line.TrimStart('-').Trim();
            if (line.EndsWith(':'))
            {
                if (open)
                    yield return new StudyAim(RegisterProse.Name(lead), type, lead);
                (lead, open) = (line, true);
            }
            else
            {
                yield return new StudyAim(RegisterProse.Name(text), type, line.StartsWith('-') && lead.Length > 0 ? $"{lead} {text}" : text);
                open = open && !line.StartsWith('-');
            }
        }

        if (open)
            yield return new StudyAim(RegisterProse.Name(lead), type, lead);
    }

    private static IEnumerable<StudyAim> Objectives(string text)
    {
        const string secondary = "Secondary objectives:";
        var isSecondary = text.StartsWith(secondary, StringComparison.OrdinalIgnoreCase);
        return RegisterProse.InTermsOf(text).Select(item => new StudyAim(RegisterProse.Name(item), isSecondary ? "secondary" : "primary", text));
    }
}

namespace AtcFhir.Trial.Register;

/// <summary>The parts of a page of the register, by their headings.</summary>
internal enum RegisterSection
{
    /// <summary>Above the first heading, or below the title.</summary>
    Head,
    /// <summary>Below a heading that only holds other headings.</summary>
    Container,
    Unknown,
    Id,
    Source,
    BriefTitle,
    Condition,
    Synonym,
    Involving,
    Sponsors,
    Intervention,
    PrimaryOutcome,
    SecondaryOutcome,
    Background,
    Objective,
    StudyDesign,
    Burden,
    PublicContact,
    ScientificContact,
    Sites,
    Countries,
    Age,
    Inclusion,
    Exclusion,
    Design,
    Recruitment,
    Products,
    Ethics,
    FollowedUp,
    OtherRegistrations,
    OtherRegisters,
}

/// <summary>Which heading begins which section.</summary>
internal static class RegisterHeadings
{
    private static readonly Dictionary<string, RegisterSection> ByText = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Summary"] = RegisterSection.Container,
        ["ID"] = RegisterSection.Id,
        ["Source"] = RegisterSection.Source,
        ["Brief title"] = RegisterSection.BriefTitle,
        ["Condition"] = RegisterSection.Condition,
        ["Synonym"] = RegisterSection.Synonym,
        ["Health condition"] = RegisterSection.Synonym,
        ["Research involving"] = RegisterSection.Involving,
        ["Sponsors and support"] = RegisterSection.Sponsors,
        ["Intervention"] = RegisterSection.Intervention,
        ["Outcome measures"] = RegisterSection.Container,
        ["Primary outcome"] = RegisterSection.PrimaryOutcome,
        ["Secondary outcome"] = RegisterSection.SecondaryOutcome,
        ["Study description"] = RegisterSection.Container,
        ["Background summary"] = RegisterSection.Background,
        ["Study objective"] = RegisterSection.Objective,
        ["Study design"] = RegisterSection.StudyDesign,
        ["Study burden and risks"] = RegisterSection.Burden,
        ["Contacts"] = RegisterSection.Container,
        ["Public"] = RegisterSection.PublicContact,
        ["Scientific"] = RegisterSection.ScientificContact,
        ["Trial sites"] = RegisterSection.Sites,
        ["Listed location countries"] = RegisterSection.Countries,
        ["Eligibility criteria"] = RegisterSection.Container,
        ["Age"] = RegisterSection.Age,
        ["Inclusion criteria"] = RegisterSection.Inclusion,
        ["Exclusion criteria"] = RegisterSection.Exclusion,
        ["Design"] = RegisterSection.Design,
        ["Recruitment"] = RegisterSection.Recruitment,
        ["Medical products/devices used"] = RegisterSection.Products,
        ["Ethics review"] = RegisterSection.Ethics,
        ["Study registrations"] = RegisterSection.Container,
        ["Followed up by the following (possibly more current) registration"] = RegisterSection.FollowedUp,
        ["Other (possibly less up-to-date) registrations in this register"] = RegisterSection.OtherRegistrations,
        ["In other registers"] = RegisterSection.OtherRegisters,
    };

    /// <summary>The section of a heading, or null when it is not one of the register's.</summary>
    public static RegisterSection? Find(string heading) => ByText.TryGetValue(heading, out var section) ? section : null;

    /// <summary>Sections whose lines are prose, so that a colon in them is no field.</summary>
    public static bool IsProse(RegisterSection section) => section is
        RegisterSection.PrimaryOutcome or RegisterSection.SecondaryOutcome or RegisterSection.Background or RegisterSection.Objective or RegisterSection.StudyDesign
        or RegisterSection.Burden or RegisterSection.Inclusion or RegisterSection.Exclusion or RegisterSection.Intervention or RegisterSection.Synonym or RegisterSection.BriefTitle;
}

using System.Text.RegularExpressions;

namespace AtcFhir.Trial.Register;

/// <summary>What stands on one line with its name, "Masking: Open".</summary>
internal enum RegisterField
{
    None,
    Published,
    LastUpdated,
    EthicalReview,
    Status,
    ConditionType,
    StudyType,
    PrimarySponsor,
    Support,
    Keyword,
    Masking,
    Control,
    Allocation,
    Model,
    Purpose,
    Start,
    StartActual,
    Enrollment,
    EnrollmentType,
    ProductType,
    Brand,
    Generic,
    ProductRegistration,
    EthicsDate,
    ApplicationType,
    Commission,
    RegistrationId,
    RegistrationSource,
    RegistrationTitle,
}

/// <summary>The names of fields, and in which section a field is at home.</summary>
internal static partial class RegisterFields
{
    // A distinctive name is a field wherever it stands; any other only outside prose.
    private static readonly Dictionary<string, (RegisterField Field, RegisterSection Home, bool IsDistinctive)> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Published"] = (RegisterField.Published, RegisterSection.Head, false),
        ["Last updated"] = (RegisterField.LastUpdated, RegisterSection.Head, false),
        ["Ethical review"] = (RegisterField.EthicalReview, RegisterSection.Head, false),
        ["Status"] = (RegisterField.Status, RegisterSection.Head, false),
        ["Health condition type"] = (RegisterField.ConditionType, RegisterSection.Head, false),
        ["Study type"] = (RegisterField.StudyType, RegisterSection.Design, true),
        ["Primary sponsor"] = (RegisterField.PrimarySponsor, RegisterSection.Sponsors, true),
        ["Source(s) of monetary or material Support"] = (RegisterField.Support, RegisterSection.Sponsors, true),
        ["Keyword"] = (RegisterField.Keyword, RegisterSection.Intervention, true),
        ["Masking"] = (RegisterField.Masking, RegisterSection.Design, true),
        ["Control"] = (RegisterField.Control, RegisterSection.Design, false),
        ["Allocation"] = (RegisterField.Allocation, RegisterSection.Design, false),
        ["Intervention model"] = (RegisterField.Model, RegisterSection.Design, true),
        ["Primary purpose"] = (RegisterField.Purpose, RegisterSection.Design, true),
        ["Recruitment status"] = (RegisterField.Status, RegisterSection.Recruitment, true),
        ["Start date (anticipated)"] = (RegisterField.Start, RegisterSection.Recruitment, true),
        ["Start date (actual)"] = (RegisterField.StartActual, RegisterSection.Recruitment, true),
        ["Enrollment"] = (RegisterField.Enrollment, RegisterSection.Recruitment, true),
        ["Type"] = (RegisterField.EnrollmentType, RegisterSection.Recruitment, false),
        ["Product type"] = (RegisterField.ProductType, RegisterSection.Products, true),
        ["Brand name"] = (RegisterField.Brand, RegisterSection.Products, true),
        ["Generic name"] = (RegisterField.Generic, RegisterSection.Products, true),
        ["Registration"] = (RegisterField.ProductRegistration, RegisterSection.Products, false),
        ["Date"] = (RegisterField.EthicsDate, RegisterSection.Ethics, false),
        ["Application type"] = (RegisterField.ApplicationType, RegisterSection.Ethics, true),
        ["Review commission"] = (RegisterField.Commission, RegisterSection.Ethics, true),
        ["ID"] = (RegisterField.RegistrationId, RegisterSection.OtherRegistrations, false),
        ["Source"] = (RegisterField.RegistrationSource, RegisterSection.OtherRegistrations, false),
        ["Title"] = (RegisterField.RegistrationTitle, RegisterSection.OtherRegistrations, false),
    };

    /// <summary>Field and value of a line, and the section that it belongs to; None when the line is no field here.</summary>
    public static (RegisterField Field, RegisterSection Section, string Value) Read(string line, RegisterSection section)
    {
        if (Form().Match(line) is not { Success: true } match || !ByName.TryGetValue(match.Groups["name"].Value.Trim(), out var known))
            return (RegisterField.None, section, line);
        if (RegisterHeadings.IsProse(section) && !known.IsDistinctive)
            return (RegisterField.None, section, line);

        // A field far from its heading takes the lines behind it along; those of the page's head stay where they are.
        var moves = known.IsDistinctive && section != RegisterSection.Head;
        return (known.Field, moves ? known.Home : section, match.Groups["value"].Value.Trim());
    }

    [GeneratedRegex(@"^(<b>(?<name>[^<]{2,60})</b>\s*:?|\*\*(?<name>[^*:]{2,60}):\s*\*\*|(?<name>[A-Z][^:]{1,60}):)\s*(?<value>.*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

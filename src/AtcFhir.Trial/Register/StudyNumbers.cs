using System.Text.RegularExpressions;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>The numbers of a study, from the many ways in which registers write them.</summary>
internal static partial class StudyNumbers
{
    public static ValueList<StudyNumber> Of(StudyDraft draft)
    {
        List<StudyNumber> numbers = [];
        if (draft.Single("id") is { } id)
            numbers.Add(new StudyNumber(Omon().IsMatch(id) ? "omon" : "other", id, Omon().IsMatch(id) ? null : "Number in this register", draft.Single("source")));

        var others = draft.OtherRegistrations.ToList();
        foreach (var (register, number) in draft.Registers)
            numbers.AddRange(Read(register, number, numbers, others));

        // What is left has no other register's number that says the same.
        numbers.AddRange(others.Where(other => other.Id is not null).Select(other => new StudyNumber("other", other.Id!, Words(other.Id!, other.Source))));
        return [.. numbers.DistinctBy(number => (number.Kind, number.Value))];
    }

    private static IEnumerable<StudyNumber> Read(string register, string number, List<StudyNumber> known, List<(string? Id, string? Source)> others)
    {
        if (Eudract().Match(number) is { Success: true } eudract)
        {
            if (known.All(other => other.Kind != "eudract"))
                yield return new StudyNumber("eudract", eudract.Groups["number"].Value, register == "EudraCT" ? null : register);
            if (eudract.Groups["number"].Value != number)
                yield return new StudyNumber("ictrp", number, "WHO ICTRP");
        }
        else if (register == "CCMO" && Ccmo().IsMatch(number) && known.All(other => other.Kind != "ccmo"))
        {
            yield return new StudyNumber("ccmo", number);
        }
        else if (Omon().Match(number) is { Success: true } omon)
        {
            // The same study, registered once before under the number that the older register gave it.
            var before = others.FindIndex(other => other.Id == omon.Groups["digits"].Value);
            var words = before < 0 ? "Other registration in this register" : Words(others[before].Id!, others[before].Source);
            if (before >= 0)
                others.RemoveAt(before);
            yield return new StudyNumber("other", number, words);
        }
        else
        {
            yield return new StudyNumber("other", number, register);
        }
    }

    private static string Words(string id, string? source) => $"Other registration in this register: ID {id}" + (source is null ? string.Empty : $", source {source}");

    [GeneratedRegex(@"^NL-OMON(?<digits>\d+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Omon();

    [GeneratedRegex(@"^(EUCTR)?(?<number>\d{4}-\d{6}-\d{2})(-[A-Z]{2})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Eudract();

    [GeneratedRegex(@"^NL\d{5}\.\d{3}\.\d{2}\z")]
    private static partial Regex Ccmo();
}

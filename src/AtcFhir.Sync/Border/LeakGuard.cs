using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Sync.Border;

/// <summary>
/// A last look at what is about to be stored: no string in it may be a citizen service number (nine digits that pass the eleven test), the
/// hospital's reference to the patient, or one of the patient's own words (identifier, name). The mappings take listed elements only; this is
/// for the day on which one of them takes too much.
/// </summary>
internal static class LeakGuard
{
    /// <summary>The hospital's words for the patient that must not pass: long enough not to meet by chance.</summary>
    public static HashSet<string> SecretsOf(ResourceDocument document)
    {
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        var subject = HospitalReference.SubjectOf(document);
        Add(subject.Child("reference").Text);
        Add(subject.Child("identifier").Child("value").Text);
        if (document.ResourceType == "Patient")
        {
            foreach (var identifier in document.Root.ChildrenOf("identifier"))
            {
                Add(identifier.Child("value").Text);
            }

            foreach (var name in document.Root.ChildrenOf("name"))
            {
                Add(name.Child("family").Text);
            }
        }

        return secrets;

        void Add(string? word)
        {
            if (word is { Length: >= 6 })
            {
                secrets.Add(word);
            }
        }
    }

    public static IReadOnlyList<Issue> Look(ReadOnlyMemory<byte> resource, IReadOnlyCollection<string> secrets)
    {
        using var document = JsonDocument.Parse(resource);
        var found = new List<Issue>();
        Look(document.RootElement, document.RootElement.GetProperty("resourceType").GetString()!, secrets, found);
        return found;
    }

    private static void Look(JsonElement element, string path, IReadOnlyCollection<string> secrets, List<Issue> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    // Codes of public code systems are numbers too, and some of them pass the eleven test.
                    if (property.Name != "code" || property.Value.ValueKind != JsonValueKind.String)
                    {
                        Look(property.Value, path + "." + property.Name, secrets, found);
                    }
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Look(item, path, secrets, found);
                }

                break;
            case JsonValueKind.String when element.GetString() is { Length: > 0 } text:
                if (HasCitizenNumber(text))
                {
                    found.Add(Issue.Error(IssueCode.Security, "A number that looks like a citizen service number would have been stored.") with { Rule = "ATC-B010", Expression = path });
                }
                else if (secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)))
                {
                    found.Add(Issue.Error(IssueCode.Security, "Something that identifies the patient at the hospital would have been stored.") with { Rule = "ATC-B011", Expression = path });
                }

                break;
        }
    }

    /// <summary>Nine digits in a row, neither more, whose weighted sum (9 8 7 6 5 4 3 2 -1) is a multiple of eleven.</summary>
    internal static bool HasCitizenNumber(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            if (!char.IsAsciiDigit(text[start]))
            {
                start++;
                continue;
            }

            var end = start;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            // Digits inside a longer word, such as a hexadecimal id, are not a number that a person would read out.
            var alone = (start == 0 || !(char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '-' or '.')) && (end == text.Length || !(char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-'));
            if (end - start == 9 && alone && Passes(text.AsSpan(start, 9)))
            {
                return true;
            }

            start = end;
        }

        return false;
    }

    private static bool Passes(ReadOnlySpan<char> digits)
    {
        var sum = -(digits[8] - '0');
        for (var i = 0; i < 8; i++)
        {
            sum += (9 - i) * (digits[i] - '0');
        }

        return sum != 0 && sum % 11 == 0;
    }
}

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>"Did you mean": the name that differs least from a misspelt one.</summary>
internal static class Suggestion
{
    public static string? Nearest(string wrong, IEnumerable<string> names)
    {
        string? best = null;
        var least = Math.Max(1, wrong.Length / 3) + 1;
        foreach (var name in names)
        {
            var distance = Distance(wrong, name);
            if (distance < least)
            {
                (best, least) = (name, distance);
            }
        }

        return best;
    }

    // Levenshtein's; a difference in case counts nothing.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>"Did you mean": the name that differs least from a misspelt one.</summary>
internal static class Suggestion
{
    public static string? Nearest(string wrong, IEnumerable<string> names)
    {
        string? best = null;
        var least = Math.Max(1, wrong.Length / 3) + 1;
        foreach (var name in names.Where(name => Math.Abs(name.Length - wrong.Length) < least))
        {
            var distance = Distance(wrong, name);
            if (distance < least)
            {
                (best, least) = (name, distance);
            }
        }

        return best;
    }

    // Insertions, deletions, substitutions and swaps of neighbours; a difference in case counts nothing.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                rows[i, j] = Math.Min(rows[i - 1, j - 1] + cost, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}

namespace AtcFhir.Store.Extraction;

/// <summary>Token rows that differ in their display text only are one row in the table, with both texts.</summary>
internal static class TokenMerge
{
    /// <summary>Below this many rows comparing each with each is cheaper than hashing.</summary>
    private const int Few = 48;

    public static void Apply(List<SearchRow> rows)
    {
        var seen = rows.Count > Few ? new Dictionary<(IndexedPath, int, string, string), int>() : null;
        for (var number = 0; number < rows.Count; number++)
        {
            if (rows[number] is not TokenRow token)
            {
                continue;
            }

            var first = seen is null ? FirstLike(rows, token, number) : seen.TryAdd((token.Path, token.Group, token.System, token.Code), number) ? number : seen[(token.Path, token.Group, token.System, token.Code)];
            if (first < number)
            {
                rows[first] = Join((TokenRow)rows[first], token.Text);
                rows.RemoveAt(number--);
            }
        }
    }

    private static int FirstLike(List<SearchRow> rows, TokenRow token, int end)
    {
        for (var number = 0; number < end; number++)
        {
            if (rows[number] is TokenRow other && other.Path == token.Path && other.Code == token.Code && other.Group == token.Group && other.System == token.System)
            {
                return number;
            }
        }

        return end;
    }

    private static TokenRow Join(TokenRow row, string? text)
        => text is null || row.Text == text ? row : row with { Text = row.Text is null ? text : string.Join('\n', row.Text.Split('\n').Union(text.Split('\n'))) };
}

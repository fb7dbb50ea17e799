using System.Security.Cryptography;
using System.Text;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Postgres;

/// <summary>SQL of the common dialect, and texts, as PostgreSQL takes them.</summary>
internal static class PgText
{
    /// <summary>Characters of a long text that stand in its index.</summary>
    public const int IndexedCharacters = 200;

    private const int LongKey = 600;
    private const int KeptOfLongKey = 100;

    public static SqlDialect Dialect { get; } = new(static rid => $"DISTINCT ON ({rid})", "", true, true, true, KeyOf, Clean, $"left(x.norm, {IndexedCharacters})", IndexedCharacters);

    /// <summary>
    /// An entry of a B-tree is at most a third of a page. A longer key stands there as its beginning and its hash, for values and for what is looked
    /// for alike, so equality stays exact.
    /// </summary>
    public static string KeyOf(string text)
    {
        var utf8 = text.Length > LongKey / 3 ? Encoding.UTF8.GetBytes(text) : [];
        return utf8.Length <= LongKey ? text : Clean(text[..KeptOfLongKey]) + "#" + Convert.ToHexStringLower(SHA256.HashData(utf8));
    }

    /// <summary>PostgreSQL has no place for U+0000, and no text may hold half a character.</summary>
    public static string Clean(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || text.Contains('\0', StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD')
        : text;

    /// <summary>
    /// Numbers the parameters (? or $n) as they are met. A null becomes part of the text, since it has no type by which the database could choose.
    /// </summary>
    /// <param name="used">Index of the value that stands for $1, $2, …</param>
    public static string Number(string sql, IReadOnlyList<object?> values, List<int> used)
    {
        var numbered = new StringBuilder(sql.Length + 16);
        var met = 0;
        for (var at = 0; at < sql.Length; at++)
        {
            var index = -1;
            if (sql[at] == '?')
            {
                index = met++;
            }
            else if (sql[at] == '$' && at + 1 < sql.Length && char.IsAsciiDigit(sql[at + 1]))
            {
                index = 0;
                while (at + 1 < sql.Length && char.IsAsciiDigit(sql[at + 1]))
                {
                    index = (index * 10) + (sql[++at] - '0');
                }

                index--;
            }

            if (index < 0)
            {
                numbered.Append(sql[at]);
            }
            else if (index >= values.Count || values[index] is null)
            {
                numbered.Append("NULL");
            }
            else
            {
                var place = used.IndexOf(index);
                if (place < 0)
                {
                    place = used.Count;
                    used.Add(index);
                }

                numbered.Append(CultureInfo.InvariantCulture, $"${place + 1}");
            }
        }

        return numbered.ToString();
    }
}

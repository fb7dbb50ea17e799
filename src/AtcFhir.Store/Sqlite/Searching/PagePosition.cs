namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>Where a page ended, as a cursor carries it.</summary>
/// <param name="Newest">The newest resource when the first page was read: what is made later does not join in.</param>
/// <param name="Keys">Values of the sort keys: long, string, byte[] or null.</param>
internal sealed record PagePosition(long Newest, long Resource, IReadOnlyList<object?> Keys)
{
    public IReadOnlyList<string?> ToParts() => [Text(Newest), Text(Resource), .. Keys.Select(Part)];

    /// <summary>The parts were signed by us, so they are in order.</summary>
    public static PagePosition Of(IReadOnlyList<string?> parts) => new(Number(parts[0]!), Number(parts[1]!), [.. parts.Skip(2).Select(Value)]);

    private static string? Part(object? value) => value switch
    {
        null => null,
        long number => "n" + Text(number),
        byte[] bytes => "b" + Convert.ToHexString(bytes),
        _ => "t" + value,
    };

    private static object? Value(string? part) => part is null
        ? null
        : part[0] switch
        {
            'n' => Number(part[1..]),
            'b' => Convert.FromHexString(part[1..]),
            _ => part[1..],
        };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}

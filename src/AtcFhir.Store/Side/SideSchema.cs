namespace AtcFhir.Store.Side;

/// <summary>Tables that another part keeps in the store's database, as steps that are applied once each, in order.</summary>
/// <param name="Name">"sync"; the store remembers under it how many steps were applied.</param>
/// <param name="Steps">SQL, one or more statements a step. Steps that were released are never changed, only followed by others.</param>
public sealed record SideSchema(string Name, IReadOnlyList<string> Steps);

/// <summary>
/// A statement on such tables. Parameters are written $1, $2, … in the SQL and are long, int, bool, string, byte[] or null; times are
/// milliseconds UTC and decimals text (what a driver makes of other types differs).
/// </summary>
/// <param name="ExpectedRows">The batch fails with a conflict when the statement changes another number of rows: a fence.</param>
public sealed record SideStatement(string Sql, IReadOnlyList<object?> Parameters, int? ExpectedRows = null)
{
    public static SideStatement Of(string sql, params IReadOnlyList<object?> parameters) => new(sql, parameters);
}

/// <summary>What a resource write of the same batch led to, as the parameter of a followup.</summary>
/// <param name="Write">Index of the write.</param>
public sealed record ResultOf(int Write, ResultField Field);

public enum ResultField
{
    Id,
    VersionId,
    Seq,
    LastUpdatedMilliseconds,
}

/// <summary>A read of such tables; parameters as in <see cref="SideStatement"/>.</summary>
public sealed record SideQuery(string Sql, IReadOnlyList<object?> Parameters)
{
    public static SideQuery Of(string sql, params IReadOnlyList<object?> parameters) => new(sql, parameters);
}

/// <summary>One row of the answer: long, double, string, byte[] or null per column.</summary>
public readonly struct SideRow
{
    private readonly object?[] values;

    internal SideRow(object?[] values) => this.values = values;

    public int Count => values.Length;

    public object? this[int column] => values[column];

    public bool IsNull(int column) => values[column] is null;

    public long Long(int column) => (long)values[column]!;

    public long? LongOrNull(int column) => (long?)values[column];

    public string Text(int column) => (string)values[column]!;

    public string? TextOrNull(int column) => (string?)values[column];

    public byte[] Bytes(int column) => (byte[])values[column]!;

    public byte[]? BytesOrNull(int column) => (byte[]?)values[column];

    public bool Flag(int column) => Long(column) != 0;

    /// <summary>A column of milliseconds UTC.</summary>
    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Long(column));

    public DateTimeOffset? TimeOrNull(int column) => values[column] is long ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}

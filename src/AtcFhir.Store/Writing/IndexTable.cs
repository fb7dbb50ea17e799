namespace AtcFhir.Store.Writing;

/// <summary>A table of the search index: its columns in the order of <see cref="RowCodec"/>, the resource last.</summary>
internal sealed record IndexTable(byte Tag, string Name, int KeyColumns, IndexColumn[] Columns)
{
    public static IndexTable Token { get; } = new(1, "sp_token", 4, [new("p"), new("code", false), new("s"), new("g"), new("txt", false)]);

    public static IndexTable Reference { get; } = new(2, "sp_ref", 5, [new("p"), new("tt"), new("tid", false), new("g"), new("v", false)]);

    public static IndexTable Date { get; } = new(3, "sp_date", 4, [new("p"), new("lo"), new("hi"), new("g")]);

    public static IndexTable String { get; } = new(4, "sp_str", 4, [new("p"), new("norm", false), new("val", false), new("g")]);

    public static IndexTable Quantity { get; } = new(5, "sp_qty", 4, [new("p"), new("u"), new("v", false, true), new("g")]);

    public static IndexTable Number { get; } = new(6, "sp_num", 3, [new("p"), new("v", false, true), new("g")]);

    public static IndexTable Uri { get; } = new(7, "sp_uri", 2, [new("p"), new("uri", false)]);

    public static IndexTable Compartment { get; } = new(8, "cmp", 4, [new("p"), new("pat", false), new("code", false), new("s")]);

    public static IndexTable[] All { get; } = [Token, Reference, Date, String, Quantity, Number, Uri, Compartment];

    /// <summary>The table of a tag, which counts from 1.</summary>
    public static IndexTable Of(byte tag) => All[tag - 1];

    public string InsertSql { get; } =
        $"INSERT INTO {Name}({string.Join(", ", Columns.Select(column => column.Name))}, rid) VALUES({string.Join(", ", Enumerable.Range(1, Columns.Length + 1).Select(number => $"${number}"))})";

    public string DeleteSql { get; } =
        $"DELETE FROM {Name} WHERE {string.Join(" AND ", Columns.Take(KeyColumns).Select((column, index) => $"{column.Name} = ${index + 1}"))} AND rid = ${KeyColumns + 1}";
}

internal sealed record IndexColumn(string Name, bool IsNumber = true, bool IsBlob = false);

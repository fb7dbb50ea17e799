namespace AtcFhir.EndToEnd.Load;

/// <summary>A resource as the one client that writes it knows it: what the server acknowledged, and what was under way when no answer came.</summary>
internal sealed class Known(string id, string identifier)
{
    public string Id { get; } = id;

    public string Identifier { get; } = identifier;

    /// <summary>The body of each acknowledged version as the server gave it; null where it gave none, and of a deletion.</summary>
    public List<string?> Versions { get; } = [];

    public bool IsDeleted { get; set; }

    /// <summary>What the version that may have come, or not, would say; "" when it would be a deletion. Null when nothing is in doubt.</summary>
    public string? Doubt { get; set; }

    /// <summary>Written, or tried to, since it was last looked at.</summary>
    public bool IsTouched { get; set; } = true;

    public string Path => "/fhir/Observation/" + Id;
}

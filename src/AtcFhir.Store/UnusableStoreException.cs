namespace AtcFhir.Store;

/// <summary>The database cannot be opened as it is configured, and waiting changes nothing. The text says why, and holds nothing that is secret.</summary>
public sealed class UnusableStoreException : Exception
{
    public UnusableStoreException() { }

    public UnusableStoreException(string message) : base(message) { }

    public UnusableStoreException(string message, Exception inner) : base(message, inner) { }

    /// <param name="place">The file, or the database and its server.</param>
    internal static UnusableStoreException NoStore(string place)
        => new($"There is no store at {place}. Store:ConnectionString names the place, in the environment (Store__ConnectionString) or in appsettings.json of the current folder.");
}

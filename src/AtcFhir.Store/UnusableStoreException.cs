namespace AtcFhir.Store;

/// <summary>The database cannot be opened as it is configured, and waiting changes nothing. The text says why, and holds nothing that is secret.</summary>
public sealed class UnusableStoreException : Exception
{
    public UnusableStoreException() { }

    public UnusableStoreException(string message) : base(message) { }

    public UnusableStoreException(string message, Exception inner) : base(message, inner) { }
}

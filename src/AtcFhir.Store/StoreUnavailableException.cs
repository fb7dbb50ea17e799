namespace AtcFhir.Store;

/// <summary>The database cannot be reached now; the same read may work later. A write says so as a value, see <see cref="CommitResult.Failure"/>.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException() { }

    public StoreUnavailableException(string message) : base(message) { }

    public StoreUnavailableException(string message, Exception inner) : base(message, inner) { }
}

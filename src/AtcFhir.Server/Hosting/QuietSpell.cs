namespace AtcFhir.Server.Hosting;

/// <summary>Tells from what was allocated whether the server is quiet, and when it is worth its while to tidy up.</summary>
internal sealed class QuietSpell
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>A look that finds more than this since the look before finds a server at work.</summary>
    private const long Busy = 2 * Megabyte;

    /// <summary>What a quiet server may gather, a health check here and there, before it is worth a collection.</summary>
    private const long Gathered = 16 * Megabyte;

    /// <summary>Looks until the store has emptied the caches that nobody used since.</summary>
    private const int UntilStoreRests = 6;

    private long last;
    private long collected;
    private int looks;
    private bool isOwed = true;

    /// <param name="allocated">Bytes since the process began.</param>
    public Tidying Look(long allocated)
    {
        var isBusy = allocated - last > Busy;
        last = allocated;
        if (isBusy)
        {
            (looks, isOwed) = (0, true);
            return Tidying.None;
        }

        looks++;
        if (isOwed ? looks == 2 : allocated - collected > Gathered)
        {
            (collected, isOwed) = (allocated, false);
            return Tidying.Collect;
        }

        return looks == UntilStoreRests ? Tidying.Trim : Tidying.None;
    }
}

internal enum Tidying
{
    None,
    /// <summary>What was freed goes back to the system.</summary>
    Trim,
    /// <summary>The same after a collection.</summary>
    Collect,
}

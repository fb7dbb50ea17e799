namespace AtcFhir.Sync.Planning;

/// <summary>Whose word counts about a resource.</summary>
internal enum Ownership
{
    /// <summary>The hospital's: the trial mirrors it and never writes it back.</summary>
    Hospital,

    /// <summary>The trial's: an edit at the hospital is shown to a person before it is overwritten.</summary>
    Trial,

    /// <summary>Both edit; what does not touch the same element is merged.</summary>
    Shared,
}

/// <summary>What both sides held when they were last seen to agree. The two may differ in spelling: a server normalises what it is given.</summary>
internal sealed record Synced<T>(T Local, T Remote) where T : class;

/// <summary>What to do about one resource; closed.</summary>
internal abstract record Decision<T> where T : class
{
    private Decision() { }

    /// <summary>Neither side changed.</summary>
    internal sealed record Nothing : Decision<T>;

    /// <summary>Both sides agree already; only the base is behind.</summary>
    internal sealed record Absorb : Decision<T>;

    /// <summary>The hospital's value becomes the trial's.</summary>
    internal sealed record TakeRemote(T Value) : Decision<T>;

    /// <summary>The trial's value is to be written to the hospital.</summary>
    internal sealed record SendLocal(T Value) : Decision<T>;

    /// <summary>Both changed, but not the same elements: this is written to both.</summary>
    internal sealed record Merge(T Value) : Decision<T>;

    /// <summary>The trial's copy goes; its versions stay.</summary>
    internal sealed record RemoveLocal : Decision<T>;

    /// <summary>For a person. Nothing is written to either side, both values are kept.</summary>
    internal sealed record Conflict(IReadOnlyList<string> Paths) : Decision<T>;
}

/// <summary>The content of one kind: when two are the same, and how two edits of a third come together.</summary>
internal interface IMergeable<T> where T : class
{
    bool AreSame(T left, T right);

    /// <summary>The merged content and the paths on which both sides disagree; merged is null when there are such paths.</summary>
    (T? Merged, IReadOnlyList<string> Conflicts) Merge(T @base, T local, T remote);
}

/// <summary>
/// Decides from what was agreed and what both sides hold now. A pure function: no clock, no network, no memory. Its laws stand in PlannerTests.
/// A missing value is one that was never there or was deleted.
/// </summary>
internal static class Planner
{
    public static Decision<T> Decide<T>(Synced<T>? agreed, T? local, T? remote, Ownership owner, IMergeable<T> content) where T : class
    {
        var localChanged = agreed is null ? local is not null : local is null || !content.AreSame(local, agreed.Local);
        var remoteChanged = agreed is null ? remote is not null : remote is null || !content.AreSame(remote, agreed.Remote);
        return (localChanged, remoteChanged) switch
        {
            (false, false) => new Decision<T>.Nothing(),
            (true, false) => LocalOnly(agreed, local, owner),
            (false, true) => RemoteOnly(agreed, remote, owner),
            _ => Both(agreed, local, remote, owner, content),
        };
    }

    private static Decision<T> LocalOnly<T>(Synced<T>? agreed, T? local, Ownership owner) where T : class => (local, owner) switch
    {
        // We never delete at a hospital: a person there does.
        (null, _) => new Decision<T>.Conflict(["*"]),
        (_, Ownership.Hospital) => agreed is null ? new Decision<T>.Nothing() : new Decision<T>.TakeRemote(agreed.Remote),
        _ => new Decision<T>.SendLocal(local),
    };

    private static Decision<T> RemoteOnly<T>(Synced<T>? agreed, T? remote, Ownership owner) where T : class => (remote, owner) switch
    {
        (null, Ownership.Hospital) => new Decision<T>.RemoveLocal(),
        (null, _) => new Decision<T>.Conflict(["*"]),
        (_, Ownership.Trial) => agreed is null ? new Decision<T>.Nothing() : new Decision<T>.Conflict(["*"]),
        _ => new Decision<T>.TakeRemote(remote),
    };

    private static Decision<T> Both<T>(Synced<T>? agreed, T? local, T? remote, Ownership owner, IMergeable<T> content) where T : class
    {
        if (local is null && remote is null)
        {
            return new Decision<T>.Absorb();
        }

        if (local is not null && remote is not null && content.AreSame(local, remote))
        {
            return new Decision<T>.Absorb();
        }

        if (owner == Ownership.Hospital)
        {
            return remote is null ? new Decision<T>.RemoveLocal() : new Decision<T>.TakeRemote(remote);
        }

        if (agreed is null || local is null || remote is null || owner == Ownership.Trial)
        {
            return new Decision<T>.Conflict(["*"]);
        }

        var (merged, conflicts) = content.Merge(agreed.Remote, local, remote);
        return merged is null ? new Decision<T>.Conflict(conflicts) : new Decision<T>.Merge(merged);
    }
}

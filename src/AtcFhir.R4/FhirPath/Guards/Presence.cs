namespace AtcFhir.R4.FhirPath.Guards;

/// <summary>What is known of a result when no more is known of a node than which children it has.</summary>
internal enum PresenceKind : byte
{
    /// <summary>Anything, an error included.</summary>
    Unknown,
    Empty,
    /// <summary>One item or more.</summary>
    Some,
    /// <summary>Any number of items, but no error.</summary>
    Items,
    /// <summary>True, false or empty, but no error.</summary>
    Truth,
    True,
    False,
    /// <summary>The integer <see cref="Presence.Number"/>.</summary>
    Number,
}

/// <summary>A result as far as presence tells it.</summary>
internal readonly record struct Presence(PresenceKind Kind, int Number = 0)
{
    public static readonly Presence Unknown = new(PresenceKind.Unknown);
    public static readonly Presence Empty = new(PresenceKind.Empty);
    public static readonly Presence Some = new(PresenceKind.Some);
    public static readonly Presence Items = new(PresenceKind.Items);
    public static readonly Presence Truth = new(PresenceKind.Truth);

    public bool IsEmpty => Kind == PresenceKind.Empty;

    public bool IsUnknown => Kind == PresenceKind.Unknown;

    public bool IsTrue => Kind == PresenceKind.True;

    public bool IsFalse => Kind == PresenceKind.False;

    /// <summary>True, false or empty, as logic needs it; perhaps one does not know which.</summary>
    public bool IsTruth => Kind is PresenceKind.True or PresenceKind.False or PresenceKind.Empty or PresenceKind.Truth;

    public static Presence Of(bool value) => new(value ? PresenceKind.True : PresenceKind.False);

    public static Presence Of(int number) => new(PresenceKind.Number, number);
}

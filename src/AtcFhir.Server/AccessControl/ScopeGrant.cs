namespace AtcFhir.Server.AccessControl;

/// <summary>
/// One SMART scope: <c>system/Observation.rs</c>. Version 1 scopes (<c>.read</c>, <c>.write</c>, <c>.*</c>) are read as what they mean in version 2.
/// A scope that cannot be read grants nothing. <see href="https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html"/>
/// </summary>
/// <param name="Context">"system", "user" or "patient".</param>
/// <param name="Type">A resource type, or "*".</param>
/// <param name="Permissions">A bit for each <see cref="Permission"/>.</param>
internal sealed record ScopeGrant(string Context, string Type, int Permissions)
{
    private const string Letters = "cruds";

    private const int All = 0b11111;

    private const int ReadAndSearch = 1 << (int)Permission.Read | 1 << (int)Permission.Search;

    public static ScopeGrant Everything { get; } = new("system", "*", All);

    public bool Allows(Permission permission, string type)
        => (Permissions & (1 << (int)permission)) != 0 && (Type == "*" || Type == type);

    /// <summary>Reads a space-separated scope claim; what is not a resource scope, or narrower than we can enforce, is left out.</summary>
    public static IReadOnlyList<ScopeGrant> ParseAll(string scopes)
        => [.. scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<ScopeGrant>()];

    /// <summary>
    /// Null when it is not a scope that grants something here. A scope with a query (<c>?category=…</c>) would have to narrow every answer, and a
    /// patient scope needs a launch context; until both are enforced they grant nothing rather than too much.
    /// </summary>
    public static ScopeGrant? Parse(string scope)
    {
        var slash = scope.IndexOf('/', StringComparison.Ordinal);
        var dot = scope.LastIndexOf('.');
        if (slash <= 0 || dot <= slash + 1 || scope.Contains('?', StringComparison.Ordinal) || scope[..slash] is not ("system" or "user"))
        {
            return null;
        }

        var type = scope[(slash + 1)..dot];
        var permissions = PermissionsOf(scope.AsSpan(dot + 1));
        return permissions == 0 || (type != "*" && !type.All(char.IsAsciiLetter)) ? null : new ScopeGrant(scope[..slash], type, permissions);
    }

    /// <summary>An app role of Entra, which cannot hold a slash: <c>system.Observation.rs</c>.</summary>
    public static ScopeGrant? ParseRole(string role)
    {
        var dot = role.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : Parse(string.Concat(role.AsSpan(0, dot), "/", role.AsSpan(dot + 1)));
    }

    private static int PermissionsOf(ReadOnlySpan<char> text)
    {
        switch (text)
        {
            case "read": return ReadAndSearch;
            case "write": return All & ~ReadAndSearch;
            case "*": return All;
        }

        var (permissions, last) = (0, -1);
        foreach (var letter in text)
        {
            var index = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (index <= last)
            {
                return 0; // unknown, repeated, or out of order
            }

            (permissions, last) = (permissions | 1 << index, index);
        }

        return permissions;
    }
}

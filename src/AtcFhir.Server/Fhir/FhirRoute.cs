namespace AtcFhir.Server.Fhir;

/// <summary>
/// One line of the route table. The pattern is written as in the standard: <c>{type}/{id}/_history/{vid}</c>; besides literals there are
/// <c>{type}</c> and <c>{compartment}</c>, which match what starts with a capital letter, and <c>{id}</c> and <c>{vid}</c>, which match what starts with neither _ nor $.
/// </summary>
/// <param name="Interaction">The code that /metadata says for it, such as "read"; of an operation its name with $.</param>
internal sealed record FhirRoute(string Method, string Pattern, string Interaction, FhirHandler Handler)
{
    private readonly string[] segments = Pattern.Length == 0 ? [] : Pattern.Split('/');

    /// <summary>True when it is answered without asking who is there.</summary>
    public bool IsPublic { get; init; }

    /// <summary>True when the answer is no FHIR resource, so that Accept does not have to name one.</summary>
    public bool AnswersOtherwise { get; init; }

    /// <summary>True when asking by GET begins something: HEAD, which has no effect, is not served then. <see href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1"/></summary>
    public bool BeginsWork { get; init; }

    /// <summary>True when the handler reads the body itself, as a stream of any length.</summary>
    public bool TakesStream { get; init; }

    /// <summary>True of the interactions that change resources of a type.</summary>
    public static bool Writes(string interaction)
        => interaction is "create" or "update" or "patch" or "delete" || interaction.StartsWith("conditional-", StringComparison.Ordinal);

    /// <summary>Whether it serves the method; HEAD is served as GET is.</summary>
    public bool Takes(string method) => Method == method || (method == "HEAD" && TakesHead);

    /// <summary>The methods that it stands for.</summary>
    public IEnumerable<string> Methods => TakesHead ? [Method, "HEAD"] : [Method];

    private bool TakesHead => Method == "GET" && !BeginsWork;

    /// <summary>Whether the path (its segments, decoded) is one of this route; the method is not looked at.</summary>
    public bool Matches(IReadOnlyList<string> path, out RouteValues values)
    {
        values = default;
        if (path.Count != segments.Length)
        {
            return false;
        }

        string? type = null, id = null, version = null, compartment = null;
        for (var i = 0; i < segments.Length; i++)
        {
            var (segment, actual) = (segments[i], path[i]);
            var matches = segment switch
            {
                "{type}" => IsType(actual) && (type = actual) is not null,
                "{compartment}" => (IsType(actual) || actual == "*") && (compartment = actual) is not null,
                "{id}" => IsId(actual) && (id = actual) is not null,
                "{vid}" => IsId(actual) && (version = actual) is not null,
                _ => segment == actual && (!IsType(segment) || (type = actual) is not null),
            };
            if (!matches)
            {
                return false;
            }
        }

        values = new RouteValues(type, id, version, compartment);
        return true;
    }

    private static bool IsType(string segment) => segment.Length > 0 && char.IsAsciiLetterUpper(segment[0]);

    private static bool IsId(string segment) => segment.Length > 0 && segment[0] is not ('_' or '$');
}

namespace AtcFhir.Server.Fhir;

/// <summary>Parameters of a URL or of a form body, in their order, repeated names kept apart.</summary>
internal static class QueryParameters
{
    private static readonly List<KeyValuePair<string, string>> None = [];

    public static IReadOnlyList<KeyValuePair<string, string>> Parse(ReadOnlySpan<char> query)
    {
        if (query.StartsWith("?"))
        {
            query = query[1..];
        }

        if (query.IsEmpty)
        {
            return None;
        }

        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            if (part.IsEmpty)
            {
                continue;
            }

            var equals = part.IndexOf('=');
            parameters.Add(equals < 0
                ? new(Decode(part), "")
                : new(Decode(part[..equals]), Decode(part[(equals + 1)..])));
        }

        return parameters;
    }

    private static string Decode(ReadOnlySpan<char> text)
        => text.ContainsAny('%', '+') ? Uri.UnescapeDataString(text.ToString().Replace('+', ' ')) : text.ToString();
}

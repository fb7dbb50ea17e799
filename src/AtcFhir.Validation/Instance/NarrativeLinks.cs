namespace AtcFhir.Validation.Instance;

/// <summary>The addresses that a narrative shows or leads to: what stands in its src and href.</summary>
internal static class NarrativeLinks
{
    public static IEnumerable<string> Of(string xhtml)
    {
        for (var at = 0; (at = xhtml.IndexOf('=', at)) >= 0; at++)
        {
            if (at + 1 < xhtml.Length && xhtml[at + 1] is '"' or '\'' && IsAddress(xhtml.AsSpan(0, at)))
            {
                var end = xhtml.IndexOf(xhtml[at + 1], at + 2);
                if (end < 0)
                {
                    yield break;
                }

                yield return xhtml[(at + 2)..end];
                at = end;
            }
        }
    }

    private static bool IsAddress(ReadOnlySpan<char> before)
        => before.EndsWith(" src", StringComparison.OrdinalIgnoreCase) || before.EndsWith(" href", StringComparison.OrdinalIgnoreCase);
}

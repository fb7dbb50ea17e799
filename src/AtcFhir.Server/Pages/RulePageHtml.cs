using System.Text.RegularExpressions;

namespace AtcFhir.Server.Pages;

/// <summary>A page about a rule as HTML. It knows just the Markdown that these pages use: headings, paragraphs, code, quotations and links.</summary>
internal static partial class RulePageHtml
{
    public static Html Render(string rule, string markdown)
    {
        var parts = new List<Html>();
        List<string>? code = null;
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (code is not null)
                {
                    parts.Add(Html.Of($"<pre>{string.Join('\n', code)}</pre>"));
                }

                code = code is null ? [] : null;
            }
            else if (code is not null)
            {
                code.Add(line);
            }
            else if (line.Length > 0)
            {
                parts.Add(Block(line));
            }
        }

        return Html.Of($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{rule}</title><link rel=\"stylesheet\" href=\"/page.css\"></head><body><main>{Html.Join(parts)}</main></body></html>");
    }

    private static Html Block(string line) => line switch
    {
        ['#', '#', ' ', .. var heading] => Html.Of($"<h2>{Html.Join(Inline(heading))}</h2>"),
        ['#', ' ', .. var title] => Html.Of($"<h1>{Html.Join(Inline(title))}</h1>"),
        ['>', ' ', .. var said] => Html.Of($"<blockquote>{said}</blockquote>"),
        _ => Html.Of($"<p>{Html.Join(Inline(line))}</p>"),
    };

    private static IEnumerable<Html> Inline(string text)
    {
        var at = 0;
        foreach (Match match in Mark().Matches(text))
        {
            yield return Html.Of($"{text[at..match.Index]}");
            yield return match.Groups[1].Success
                ? Html.Of($"<code>{match.Groups[1].Value}</code>")
                : Html.Of($"<a href=\"{match.Groups[3].Value}\">{match.Groups[2].Value}</a>");
            at = match.Index + match.Length;
        }

        yield return Html.Of($"{text[at..]}");
    }

    [GeneratedRegex(@"`([^`]+)`|\[([^\]]+)\]\((https://[^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}

using System.Text.Json;
using System.Text.RegularExpressions;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>The words of a resource in their order: of its narrative, or of all its texts.</summary>
internal sealed partial class TextWords
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    private readonly List<string> words = [];

    /// <param name="narrativeOnly">True for _text, false for _content.</param>
    public static TextWords Of(ReadOnlyMemory<byte> resource, bool narrativeOnly)
    {
        var found = new TextWords();
        using var document = JsonDocument.Parse(resource, Options);
        if (!narrativeOnly)
        {
            found.AddAll(document.RootElement);
        }
        else if (document.RootElement.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.Object && text.TryGetProperty("div", out var div))
        {
            found.Add(div.GetString() ?? "");
        }

        return found;
    }

    /// <summary>Folded, without whatever is neither letter nor digit.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var folded = SearchText.Fold(text);
        var start = -1;
        for (var at = 0; at <= folded.Length; at++)
        {
            if (at < folded.Length && char.IsLetterOrDigit(folded[at]))
            {
                start = start < 0 ? at : start;
            }
            else if (start >= 0)
            {
                yield return folded[start..at];
                start = -1;
            }
        }
    }

    /// <summary>Whether the words follow each other somewhere; of the last perhaps only its beginning.</summary>
    public bool Has(IReadOnlyList<string> phrase, bool isPrefix)
    {
        for (var at = 0; at + phrase.Count <= words.Count; at++)
        {
            var number = 0;
            while (number < phrase.Count && (words[at + number] == phrase[number]
                || (isPrefix && number == phrase.Count - 1 && words[at + number].StartsWith(phrase[number], StringComparison.Ordinal))))
            {
                number++;
            }

            if (number == phrase.Count)
            {
                return true;
            }
        }

        return false;
    }

    private void AddAll(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    AddAll(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    AddAll(item);
                }

                break;
            case JsonValueKind.String:
                Add(element.GetString()!);
                break;
            case JsonValueKind.Number:
                Add(element.GetRawText());
                break;
        }
    }

    /// <summary>Markup is no text. A phrase does not reach from one text into the next.</summary>
    private void Add(string text)
    {
        var plain = text.StartsWith("<div", StringComparison.Ordinal) ? System.Net.WebUtility.HtmlDecode(Tag().Replace(text, " ")) : text;
        words.AddRange(Split(plain));
        words.Add("");
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}

using System.Text;

namespace AtcFhir.Tests.Fuzzing;

/// <summary>Changes to bytes and to text, whatever it means.</summary>
internal static class TextMutation
{
    private static readonly string[] JsonPieces =
        ["\"", "{", "}", "[", "]", ",", ":", "null", "true", "-", "1e5", "\\u0000", "\\ud800", "\\u202e", "\\", "/", "//", "/*", "\u0001", "\t", "\r", "\n", "é", "\"id\":\"a\",", "\"resourceType\":\"Patient\",", "\"extension\":[],"];

    private static readonly string[] XmlPieces =
    [
        "<", ">", "/>", "</", "\"", "&", "&#0;", "&#xFFFE;", "&lt;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<?x ?>", "<!DOCTYPE a [<!ENTITY x \"y\">]>", "xmlns=\"\"", " xmlns:a=\"b\"", "\0", "\uFFFF", "é",
        " id=\"x\"", "<div>", "<extension url=\"u\">", "<contained>", " value=\"\"",
    ];

    private static readonly string[] PathPieces =
    [
        .. AtcFhir.R4.FhirPath.Functions.FunctionTable.Names.Select(name => "." + name + "("), "(", ")", "[", "]", "{}", "'", "`", "\\", "$this", "$index", "$total", "%resource", "%x", "-", "+", "*", "/",
        " div ", " mod ", " is ", " as ", " in ", " contains ", " and ", " or ", " xor ", " implies ", "|", "&", "<", ">=", "=", "!~", "~", "0", "-1", "2147483648", "1.0", "1e5",
        "99999999999999999999.5", "'mg'", " days", " year", "@2015", "@2015-02-30", "@T25", "@2015-02-04T14:34:28Z", "true", "{", "//", "/*", "\u0000", "\uD800", "name", "value", "id", ",", ".", "descendants()", "'(a+)+$'",
    ];

    public static string Path(Random random, string text) => Edit(random, text, PathPieces, random.Next(1, 4));

    public static byte[] Xml(Random random, byte[] xml) => Encoding.UTF8.GetBytes(Edit(random, Encoding.UTF8.GetString(xml), XmlPieces, random.Next(1, 6)));

    /// <summary>One to four changes of bytes, words, or pieces of another resource in the wrong place.</summary>
    public static byte[] Json(Random random, byte[] source, byte[] other)
    {
        if (random.Next(2) == 0)
        {
            return Encoding.UTF8.GetBytes(Edit(random, Encoding.UTF8.GetString(source), JsonPieces, random.Next(1, 4)));
        }

        var bytes = source.ToArray();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes = bytes[..Math.Max(1, at)];
                    break;
                case 2:
                    Scramble(random, bytes, at);
                    break;
                default:
                    var length = Math.Min(random.Next(1, 100), Math.Min(bytes.Length - at, other.Length));
                    Array.Copy(other, random.Next(other.Length - length + 1), bytes, at, length);
                    break;
            }
        }

        return bytes;
    }

    /// <summary>The next quoted text becomes other letters.</summary>
    private static void Scramble(Random random, byte[] bytes, int from)
    {
        var quote = Array.IndexOf(bytes, (byte)'"', from);
        var end = quote < 0 ? -1 : Array.IndexOf(bytes, (byte)'"', quote + 1);
        for (var i = quote + 1; i < end; i++)
        {
            bytes[i] = (byte)random.Next('a', 'z' + 1);
        }
    }

    private static string Edit(Random random, string text, string[] pieces, int edits)
    {
        var edited = new StringBuilder(text);
        for (; edits > 0 && edited.Length > 0; edits--)
        {
            var at = random.Next(edited.Length);
            switch (random.Next(5))
            {
                case 0:
                    edited.Remove(at, Math.Min(random.Next(1, 20), edited.Length - at));
                    break;
                case 1 or 2:
                    edited.Insert(at, pieces[random.Next(pieces.Length)]);
                    break;
                case 3:
                    var copied = edited.ToString(at, Math.Min(random.Next(1, 60), edited.Length - at));
                    edited.Insert(random.Next(edited.Length), copied);
                    break;
                default:
                    edited[at] = (char)random.Next(32, 127);
                    break;
            }
        }

        return edited.ToString();
    }
}

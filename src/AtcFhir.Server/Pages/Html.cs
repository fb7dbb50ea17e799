using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace AtcFhir.Server.Pages;

/// <summary>Text that is HTML already.</summary>
internal readonly record struct Html(string Text)
{
    /// <summary>An interpolated string as HTML: its literal parts as they are, every value in it encoded, unless it is HTML itself.</summary>
    public static Html Of(HtmlHandler html) => new(html.ToString());

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Text)));

    public override string ToString() => Text;
}

/// <summary>Encodes what is put into an interpolated string, so that no page can forget it.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder text = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string literal) => text.Append(literal);

    public void AppendFormatted(Html html) => text.Append(html.Text);

    public void AppendFormatted(IEnumerable<Html> parts) => text.Append(Html.Join(parts).Text);

    public void AppendFormatted<T>(T value)
        => text.Append(HtmlEncoder.Default.Encode(value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? ""));

    public override string ToString() => text.ToString();
}

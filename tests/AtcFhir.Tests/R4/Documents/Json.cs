using System.Text;
using AtcFhir.R4.Documents;

namespace AtcFhir.Tests.R4.Documents;

/// <summary>Short ways to read JSON in tests.</summary>
internal static class Json
{
    public static ResourceDocument Read(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    public static string Text(this ResourceDocument document) => Encoding.UTF8.GetString(document.Utf8.Span);
}

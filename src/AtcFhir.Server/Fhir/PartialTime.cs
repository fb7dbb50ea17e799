using System.Text;
using AtcFhir.R4.Values;

namespace AtcFhir.Server.Fhir;

/// <summary>A date, dateTime or instant in a URL or header as the range of time that it may mean; without an offset it is UTC.</summary>
internal static class PartialTime
{
    /// <summary>[from, to), or null when it is none of these.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? Parse(string text)
    {
        // "+02:00" of an unencoded offset arrives as a blank.
        if (!FhirDateTime.TryParsePartial(Encoding.UTF8.GetBytes(text.Replace(' ', '+')), out var value) || value.IsTime || value.ToDateTimeOffset() is not { } from)
        {
            return null;
        }

        var to = Math.Min(value.Latest, DateTime.MaxValue.Ticks);
        return (from, new DateTimeOffset(to, TimeSpan.Zero));
    }
}

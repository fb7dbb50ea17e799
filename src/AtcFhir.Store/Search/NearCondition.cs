using System.Text.Json;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Store.Search;

/// <summary>
/// Location?near=latitude|longitude|distance|unit: the place lies within the distance of at least one of the points. Positions are not indexed; the locations that
/// fulfil the other conditions are read. <see href="https://hl7.org/fhir/R4/location.html#search"/>
/// </summary>
internal sealed class NearCondition
{
    public const string Name = "near";

    /// <summary>Where none is given.</summary>
    private const double UsualKilometres = 10;

    private const double EarthKilometres = 6371.0088;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    private readonly List<(double Latitude, double Longitude, double Kilometres)> points = [];

    public static Result<NearCondition> Parse(string value)
    {
        var condition = new NearCondition();
        foreach (var text in QueryText.Split(value, ','))
        {
            var parts = QueryText.Split(text, '|');
            if (parts.Count is < 2 or > 4 || Degrees(parts[0], 90) is not { } latitude || Degrees(parts[1], 180) is not { } longitude
                || Kilometres(parts.ElementAtOrDefault(2) ?? "", parts.ElementAtOrDefault(3) ?? "") is not { } distance)
            {
                return SearchFailure.Parameter(Name, "expected latitude|longitude|distance|unit in degrees and a UCUM unit of length; unit (km) and distance (10 km) may be left out.");
            }

            condition.points.Add((latitude, longitude, distance));
        }

        return condition;
    }

    public bool Matches(ReadOnlyMemory<byte> location)
    {
        using var document = JsonDocument.Parse(location, Options);
        return document.RootElement.TryGetProperty("position", out var position) && Number(position, "latitude") is { } latitude && Number(position, "longitude") is { } longitude
            && points.Exists(point => Between(point.Latitude, point.Longitude, latitude, longitude) <= point.Kilometres);
    }

    private static double? Degrees(string text, double most)
        => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most ? degrees : null;

    private static double? Kilometres(string distance, string unit)
    {
        if (distance.Length == 0)
        {
            return unit.Length == 0 ? UsualKilometres : null;
        }

        return FhirDecimal.TryParse(distance, out var value) && Ucum.TryConvert(value, unit.Length == 0 ? "km" : unit, "km", out var converted)
            && double.TryParse(converted.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var kilometres) && kilometres >= 0 ? kilometres : null;
    }

    private static double? Number(JsonElement position, string name) => position.ValueKind == JsonValueKind.Object && position.TryGetProperty(name, out var value) && value.TryGetDouble(out var number) ? number : null;

    /// <summary>Along the great circle.</summary>
    private static double Between(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        var (a, b) = (double.DegreesToRadians(latitude), double.DegreesToRadians(otherLatitude));
        var (across, along) = (Math.Sin((b - a) / 2), Math.Sin(double.DegreesToRadians(otherLongitude - longitude) / 2));
        return 2 * EarthKilometres * Math.Asin(Math.Min(1, Math.Sqrt((across * across) + (Math.Cos(a) * Math.Cos(b) * along * along))));
    }
}

using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Values;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>
/// A limit of a date that is counted from now: a Duration as minimum is taken from the current time, as maximum it is added.
/// <see href="https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_"/>
/// </summary>
internal sealed class RelativeLimit
{
    private readonly FhirPathExpression ofDate;
    private readonly FhirPathExpression ofTime;

    private RelativeLimit(FhirPathExpression ofDate, FhirPathExpression ofTime) => (this.ofDate, this.ofTime) = (ofDate, ofTime);

    /// <summary>Null of a quantity that is no duration in plain digits.</summary>
    public static RelativeLimit? Of(ExpectedValue quantity, bool isMinimum)
    {
        if (UnitOf(quantity.Json.Text("code") ?? quantity.Json.Text("unit")) is not { } unit
            || quantity.Json.Property("value") is not { } value || !FhirDecimal.TryParse(value.GetRawText(), out var amount)
            || amount.ToString().Contains('e', StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return new RelativeLimit(Compile("today()"), Compile("now()"));

        FhirPathExpression Compile(string start)
            => FhirPathExpression.Compile(isMinimum ? $"$this >= {start} - {amount} {unit}" : $"$this <= {start} + {amount} {unit}", null, FhirPathUse.Definition).Value;
    }

    public static bool AppliesTo(Node node) => node.Type.Name is "date" or "dateTime" or "instant";

    /// <summary>False when the time lies beyond the limit for certain; a year alone may leave that open.</summary>
    public bool Holds(Node time, FhirPathContext context)
        => (time.Type.Name == "date" ? ofDate : ofTime).TryPredicate(time, context) is not { Succeeded: true, Value: false };

    /// <summary>The word of the calendar for a unit of UCUM.</summary>
    private static string? UnitOf(string? code) => code switch
    {
        "a" or "year" or "years" => "years",
        "mo" or "month" or "months" => "months",
        "wk" or "week" or "weeks" => "weeks",
        "d" or "day" or "days" => "days",
        "h" or "hour" or "hours" => "hours",
        "min" or "minute" or "minutes" => "minutes",
        "s" or "second" or "seconds" => "seconds",
        _ => null,
    };
}

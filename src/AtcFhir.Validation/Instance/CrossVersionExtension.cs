using System.Collections.Frozen;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Extensions that stand for an element of another FHIR release: <c>http://hl7.org/fhir/5.0/StructureDefinition/extension-Patient.animal</c>.
/// They are defined by rule, not one by one. <see href="https://hl7.org/fhir/R4/versions.html#extensions"/>
/// </summary>
internal static class CrossVersionExtension
{
    private const string Prefix = "http://hl7.org/fhir/";
    private const string Middle = "/StructureDefinition/extension-";

    /// <summary>Modifier elements of other releases that R4 does not have.</summary>
    private static readonly FrozenSet<string> Modifiers = FrozenSet.ToFrozenSet(
        ["Patient.animal", "DeviceRequest.doNotPerform", "NutritionOrder.doNotPerform", "MedicationStatement.taken", "MedicationStatement.wasNotTaken",
         "MedicationAdministration.wasNotGiven", "Immunization.wasNotGiven", "Immunization.notGiven", "Procedure.notPerformed", "Procedure.notDone",
         "DiagnosticReport.conclusionCodeModifier", "CarePlan.activity.detail.prohibited", "AllergyIntolerance.verificationStatus", "Media.notDone", "Communication.notDone"],
        StringComparer.Ordinal);

    /// <summary>Null when the url is none of these, or the element is not known.</summary>
    public static bool? IsModifier(ReadOnlySpan<char> url)
    {
        if (!url.StartsWith(Prefix) || url.Length < Prefix.Length + 3 || !char.IsAsciiDigit(url[Prefix.Length])
            || url.IndexOf(Middle) is not (> 0 and var middle))
        {
            return null;
        }

        var path = url[(middle + Middle.Length)..].ToString();
        if (Modifiers.Contains(path))
        {
            return true;
        }

        var dot = path.LastIndexOf('.');
        var name = dot < 0 ? path : path[(dot + 1)..];
        return dot > 0 && R4Definitions.Find(path[..dot])?.Find(name.Replace("[x]", "", StringComparison.Ordinal)) is { } element ? element.IsModifier : null;
    }
}

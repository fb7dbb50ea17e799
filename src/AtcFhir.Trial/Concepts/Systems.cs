namespace AtcFhir.Trial.Concepts;

/// <summary>Code systems and extensions that several concepts use.</summary>
internal static class Systems
{
    public const string Loinc = "http://loinc.org";
    public const string Snomed = "http://snomed.info/sct";
    public const string Ucum = "http://unitsofmeasure.org";
    public const string Atc = "http://www.whocc.no/atc";
    public const string Icd10 = "http://hl7.org/fhir/sid/icd-10";
    public const string IcdO3 = "http://terminology.hl7.org/CodeSystem/icd-o-3";
    public const string Ncit = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl";
    public const string MedDra = "https://www.meddra.org";
    public const string ObservationCategory = "http://terminology.hl7.org/CodeSystem/observation-category";
    public const string DataAbsentReason = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    public const string ObservationValue = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    /// <summary>System of subject numbers; equal to the alias of the profiles.</summary>
    public const string SubjectNumber = ConceptCatalog.Canonical + "sid/subject";

    public const string ResearchStudyExtension = "http://hl7.org/fhir/StructureDefinition/workflow-researchStudy";
}

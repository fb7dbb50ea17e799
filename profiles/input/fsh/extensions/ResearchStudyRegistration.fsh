Extension: ResearchStudyRegistration
Id: researchStudy-studyRegistration
Title: "Study registration"
Description: "Copy of shape. What happened to the record of the study in a register, and when."
Context: ResearchStudy
* insert CopyOf(hl7.fhir.uv.extensions.r4 5.3.0-ballot-tc1)
* ^url = "http://hl7.org/fhir/StructureDefinition/researchStudy-studyRegistration"
* extension contains
    activity 1..1 and
    actual 0..1 and
    period 0..1
* extension[activity].value[x] only CodeableConcept
* extension[activity].value[x] 1..1
* extension[actual].value[x] only boolean
* extension[period].value[x] only Period

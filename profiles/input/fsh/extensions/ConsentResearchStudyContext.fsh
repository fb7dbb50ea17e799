Extension: ConsentResearchStudyContext
Id: consent-ResearchStudyContext
Title: "Study to which a provision of a consent applies"
Description: "Copy of shape. The study to which this provision of a consent is bound."
Context: Consent.provision
* insert CopyOf(hl7.fhir.uv.extensions.r4 5.3.0-ballot-tc1)
* ^url = "http://hl7.org/fhir/StructureDefinition/consent-ResearchStudyContext"
* value[x] only Reference(ResearchStudy)
* value[x] 1..1

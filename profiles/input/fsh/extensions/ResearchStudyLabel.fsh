Extension: ResearchStudyLabel
Id: extension-ResearchStudy.label
Title: "R5: ResearchStudy.label"
Description: "Copy of shape. A name of the study: short, scientific, plain or acronym."
Context: ResearchStudy
* insert CrossVersion(ResearchStudy.label)
* extension contains type 0..1 and value 0..1
* extension[type].value[x] only CodeableConcept
* extension[value].value[x] only string

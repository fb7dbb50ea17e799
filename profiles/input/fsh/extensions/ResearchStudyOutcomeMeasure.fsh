Extension: ResearchStudyOutcomeMeasure
Id: extension-ResearchStudy.outcomeMeasure
Title: "R5: ResearchStudy.outcomeMeasure"
Description: "Copy of shape. What the study measures as its outcome."
Context: ResearchStudy
* insert CrossVersion(ResearchStudy.outcomeMeasure)
* extension contains
    name 0..1 and
    type 0..* and
    description 0..1 and
    reference 0..1
* extension[name].value[x] only string
* extension[type].value[x] only CodeableConcept
* extension[description].value[x] only markdown
* extension[reference].value[x] only Reference(EvidenceVariable)

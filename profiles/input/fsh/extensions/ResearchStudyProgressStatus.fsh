Extension: ResearchStudyProgressStatus
Id: extension-ResearchStudy.progressStatus
Title: "R5: ResearchStudy.progressStatus"
Description: "Copy of shape. A state of the study over a time, planned or actual."
Context: ResearchStudy
* insert CrossVersion(ResearchStudy.progressStatus)
* extension contains
    state 1..1 and
    actual 0..1 and
    period 0..1
* extension[state].value[x] only CodeableConcept
* extension[actual].value[x] only boolean
* extension[period].value[x] only Period

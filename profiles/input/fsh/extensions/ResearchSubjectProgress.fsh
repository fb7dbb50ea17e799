Extension: ResearchSubjectProgress
Id: extension-ResearchSubject.progress
Title: "R5: ResearchSubject.progress"
Description: "Copy of shape. Progress of a subject through the study: state, milestone, reason and time."
Context: ResearchSubject
* insert CrossVersion(ResearchSubject.progress)
* extension contains
    type 0..1 and
    subjectState 0..1 and
    milestone 0..1 and
    reason 0..1 and
    startDate 0..1 and
    endDate 0..1
* extension[type].value[x] only CodeableConcept
* extension[subjectState].value[x] only CodeableConcept
* extension[milestone].value[x] only CodeableConcept
* extension[reason].value[x] only CodeableConcept
* extension[startDate].value[x] only dateTime
* extension[endDate].value[x] only dateTime

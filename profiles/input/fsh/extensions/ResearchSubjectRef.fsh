Extension: ResearchSubjectRef
Id: research-subject-ref
Title: "Research subject of the adverse event"
Description: "Copy of shape. The part in the study of the person to whom the event happened."
Context: AdverseEvent
* insert Backport(research-subject-ref)
* value[x] only Reference(ResearchSubject)
* value[x] 1..1

Extension: CausedSubjectToDiscontinueStudy
Id: caused-subject-to-discontinue-study
Title: "Event made the subject leave the study"
Description: "Copy of shape. Whether the subject left the study because of the event."
Context: AdverseEvent
* insert Backport(caused-subject-to-discontinue-study)
* value[x] only boolean
* value[x] 1..1

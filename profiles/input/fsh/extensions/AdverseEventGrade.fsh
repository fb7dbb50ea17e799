Extension: AdverseEventGrade
Id: ae-grade
Title: "Grade of the adverse event"
Description: "Copy of shape. The grade of the event, as oncology gives it in place of severity."
Context: AdverseEvent
* insert Backport(ae-grade)
* value[x] only CodeableConcept
* value[x] 1..1

Extension: SeriousnessCriteria
Id: seriousness-criteria
Title: "Criterion of a serious adverse event"
Description: "Copy of shape. A criterion that makes an event serious, and whether it is met."
Context: AdverseEvent
* insert Backport(seriousness-criteria)
* extension contains criterionCode 1..1 and criterionPresent 1..1
* extension[criterionCode].value[x] only CodeableConcept
* extension[criterionCode].value[x] 1..1
* extension[criterionPresent].value[x] only boolean
* extension[criterionPresent].value[x] 1..1

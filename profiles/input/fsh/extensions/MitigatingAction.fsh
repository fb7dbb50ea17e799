Extension: MitigatingAction
Id: mitigating-action
Title: "Action against the adverse event"
Description: "Copy of shape. What was done after the event to reduce the harm."
Context: AdverseEvent
* insert Backport(mitigating-action)
* extension contains item 1..1
* extension[item].value[x] only CodeableConcept or Reference(Procedure or DocumentReference or MedicationAdministration or MedicationRequest)
* extension[item].value[x] 1..1

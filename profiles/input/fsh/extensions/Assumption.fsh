Extension: Assumption
Id: assumption
Title: "Assumption"
Description: "This content is not in the register record of the trial: what was assumed, for the investigators to confirm or correct."
Context: Questionnaire, Library, Dosage, Annotation, PlanDefinition.action, Group.characteristic
* value[x] only markdown
* value[x] 1..1

Invariant: choice-scored
Description: "An item of a scored questionnaire has answers that carry a number (ordinalValue), or asks for a number"
Severity: #error
Expression: "item.where(type = 'choice').answerOption.all(value.extension('http://hl7.org/fhir/StructureDefinition/ordinalValue').exists() or extension('http://hl7.org/fhir/StructureDefinition/ordinalValue').exists())"

Profile: HrqolQuestionnaire
Parent: Questionnaire
Id: hrqol-questionnaire
Title: "Questionnaire on quality of life"
Description: "A questionnaire on health related quality of life with a version and a definition of its scores, so that scoring is data and not code."
* obeys choice-scored
* extension contains ScoringDefinition named scoring 1..1 MS
* url 1..1 MS
* version 1..1 MS
* title 1..1 MS
* subjectType = #Patient
* item 1..* MS

Invariant: questionnaire-version
Description: "The answers name the questionnaire with its version (canonical|version): scores depend on it"
Severity: #error
Expression: "questionnaire.toString().contains('|')"

Profile: HrqolResponse
Parent: QuestionnaireResponse
Id: hrqol-response
Title: "Answers on quality of life"
Description: "What a subject answered to a questionnaire on quality of life, every two weeks."
* obeys no-bsn and questionnaire-version
* extension contains $workflow-researchStudy named researchStudy 0..1
* extension[researchStudy].value[x] only Reference(TrialStudy)
* questionnaire 1..1 MS
* status MS
* subject 1..1 MS
* subject only Reference(PseudonymousPatient)
* authored 1..1 MS
* source MS
* source only Reference(PseudonymousPatient)
* item 1..* MS

Instance: hrqol-answers-day-14
InstanceOf: HrqolResponse
Usage: #example
Title: "Answers two weeks after inclusion"
Description: "A subject's answers to the placeholder questionnaire; one question was left out."
* extension[researchStudy].valueReference = Reference(atc-anakinra1)
* questionnaire = "https://example.org/atcfhir/Questionnaire/atc-hrqol|0.1.0"
* status = #completed
* subject = Reference(subject-001)
* authored = "2018-11-19T20:10:00+01:00"
* source = Reference(subject-001)
* item[+].linkId = "neck"
* item[=].item[+].linkId = "neck-swallowing"
* item[=].item[=].answer.valueCoding = HrqolAnswer#much "Much trouble"
* item[=].item[+].linkId = "neck-breathing"
* item[=].item[=].answer.valueCoding = HrqolAnswer#some "Some trouble"
* item[=].item[+].linkId = "neck-voice"
* item[=].item[=].answer.valueCoding = HrqolAnswer#some "Some trouble"
* item[+].linkId = "body"
* item[=].item[+].linkId = "body-energy"
* item[=].item[=].answer.valueCoding = HrqolAnswer#extreme "So much that it ruled the day"
* item[=].item[+].linkId = "body-appetite"
* item[=].item[=].answer.valueCoding = HrqolAnswer#some "Some trouble"
* item[=].item[+].linkId = "body-sleep"
* item[=].item[=].answer.valueCoding = HrqolAnswer#none "No trouble"
* item[+].linkId = "day"
* item[=].item[+].linkId = "day-care"
* item[=].item[=].answer.valueCoding = HrqolAnswer#none "No trouble"
* item[=].item[+].linkId = "day-house"
* item[=].item[=].answer.valueCoding = HrqolAnswer#none "No trouble"
* item[=].item[+].linkId = "day-out"
* item[=].item[=].answer.valueCoding = HrqolAnswer#some "Some trouble"
* item[=].item[+].linkId = "day-people"
* item[=].item[=].answer.valueCoding = HrqolAnswer#none "No trouble"
* item[+].linkId = "whole"
* item[=].answer.valueInteger = 6

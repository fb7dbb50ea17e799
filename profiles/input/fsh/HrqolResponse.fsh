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

Alias: $cqf-library = http://hl7.org/fhir/StructureDefinition/cqf-library
Alias: $ordinalValue = http://hl7.org/fhir/StructureDefinition/ordinalValue

Invariant: answers-scored
Description: "Every answer to choose from carries its number (ordinalValue): scores are computed from it"
Severity: #error
Expression: "repeat(item).where(type = 'choice').all(answerOption.exists() and answerOption.all(value.extension('http://hl7.org/fhir/StructureDefinition/ordinalValue').exists()))"

Profile: HrqolQuestionnaire
Parent: Questionnaire
Id: hrqol-questionnaire
Title: "Questionnaire on quality of life"
Description: "A questionnaire on health related quality of life. It has a version, and names the Library that says how its scales are scored: scoring is data, not code."
* obeys answers-scored
* extension contains $cqf-library named scoring 1..1 MS and Assumption named assumption 0..*
* url 1..1 MS
* version 1..1 MS
* title 1..1 MS
* subjectType 1..1
* subjectType = #Patient
* item 1..* MS

CodeSystem: HrqolAnswer
Id: hrqol-answer
Title: "Answers on quality of life"
Description: "How much trouble something gave, in the placeholder instrument."
* ^experimental = false
* ^caseSensitive = true
* #none "No trouble"
* #some "Some trouble"
* #much "Much trouble"
* #extreme "So much that it ruled the day"

ValueSet: HrqolAnswers
Id: hrqol-answers
Title: "Answers on quality of life"
Description: "Every answer to choose from in the placeholder instrument."
* ^experimental = false
* include codes from system HrqolAnswer

// One question with the four answers of the instrument.
RuleSet: Trouble(linkId, text)
* item[=].item[+].linkId = "{linkId}"
* item[=].item[=].text = {text}
* item[=].item[=].type = #choice
* item[=].item[=].required = false
* item[=].item[=].answerOption[0].valueCoding = HrqolAnswer#none "No trouble"
* item[=].item[=].answerOption[0].valueCoding.extension[$ordinalValue].valueDecimal = 1
* item[=].item[=].answerOption[1].valueCoding = HrqolAnswer#some "Some trouble"
* item[=].item[=].answerOption[1].valueCoding.extension[$ordinalValue].valueDecimal = 2
* item[=].item[=].answerOption[2].valueCoding = HrqolAnswer#much "Much trouble"
* item[=].item[=].answerOption[2].valueCoding.extension[$ordinalValue].valueDecimal = 3
* item[=].item[=].answerOption[3].valueCoding = HrqolAnswer#extreme "So much that it ruled the day"
* item[=].item[=].answerOption[3].valueCoding.extension[$ordinalValue].valueDecimal = 4

Instance: atc-hrqol
InstanceOf: HrqolQuestionnaire
Usage: #definition
Title: "Quality of life with anaplastic thyroid cancer (placeholder)"
* extension[scoring].valueCanonical = "https://example.org/atcfhir/Library/atc-hrqol-scoring|0.1.0"
* extension[assumption].valueMarkdown = "The trial measures quality of life by a newly designed score for patients with anaplastic thyroid cancer that is not published. This questionnaire is a placeholder with questions of our own, made to exercise the system; it was never tried on patients and must be replaced by the trial's instrument."
* url = "https://example.org/atcfhir/Questionnaire/atc-hrqol"
* version = "0.1.0"
* name = "AtcHrqolPlaceholder"
* title = "Quality of life with anaplastic thyroid cancer (placeholder)"
* status = #draft
* experimental = true
* subjectType = #Patient
* description = "Assumption: a synthetic stand-in for the trial's own questionnaire, which is not published. Every two weeks a subject looks back over the past two weeks."
* item[+].linkId = "intro"
* item[=].type = #display
* item[=].text = "These questions are about the past two weeks. Please choose what fits best. (Placeholder: the trial's own questionnaire is not published.)"
* item[+].linkId = "neck"
* item[=].type = #group
* item[=].text = "Your neck"
* insert Trouble(neck-swallowing, "Swallowing food or drink")
* insert Trouble(neck-breathing, "Breathing through the throat")
* insert Trouble(neck-voice, "Speaking so that others understand you")
* insert Trouble(neck-pain, "Pain in the neck")
* item[+].linkId = "body"
* item[=].type = #group
* item[=].text = "Your body"
* insert Trouble(body-energy, "Having too little energy for the day")
* insert Trouble(body-appetite, "Eating less because food did not appeal")
* insert Trouble(body-sleep, "Falling or staying asleep")
* item[+].linkId = "day"
* item[=].type = #group
* item[=].text = "Your day"
* insert Trouble(day-care, "Washing and dressing yourself")
* insert Trouble(day-house, "Getting about in the house")
* insert Trouble(day-out, "Getting out of the house")
* insert Trouble(day-people, "Seeing the people you want to see")
* item[+].linkId = "whole"
* item[=].type = #integer
* item[=].text = "Taken all together, which mark from 0 (could not be worse) to 10 (could not be better) do you give these two weeks?"
* item[=].required = false
* item[=].extension[0].url = "http://hl7.org/fhir/StructureDefinition/minValue"
* item[=].extension[0].valueInteger = 0
* item[=].extension[1].url = "http://hl7.org/fhir/StructureDefinition/maxValue"
* item[=].extension[1].valueInteger = 10

// The rules of scoring are input/attachments/atc-hrqol-scoring.json; the build puts them in (an attachment with an id that
// begins with ig-loader-, as HL7's IG Publisher has it).
Instance: atc-hrqol-scoring
InstanceOf: Library
Usage: #definition
Title: "Scoring of the placeholder questionnaire"
* extension[0].url = Canonical(Assumption)
* extension[0].valueMarkdown = "The trial's scoring is not published. Scales run from 0 to 100 and need half of their items answered, as is common for such instruments."
* url = "https://example.org/atcfhir/Library/atc-hrqol-scoring"
* version = "0.1.0"
* name = "AtcHrqolScoring"
* title = "Scoring of the placeholder questionnaire"
* status = #draft
* experimental = true
* description = "Which items make a scale, how many must be answered, and how the mean becomes a score from 0 to 100."
* type = http://terminology.hl7.org/CodeSystem/library-type#logic-library
* content.id = "ig-loader-atc-hrqol-scoring.json"
* content.contentType = #application/json

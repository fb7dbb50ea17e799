Invariant: method-version
Description: "A score names the definition by which it was computed, with its version (Library canonical|version)"
Severity: #error
Expression: "coding.where(system = 'urn:ietf:rfc:3986' and code.contains('/Library/') and code.contains('|')).exists()"

Profile: HrqolScore
Parent: Observation
Id: hrqol-score
Title: "Score of quality of life"
Description: "The score of one scale, computed from the answers to a questionnaire by the scoring definition that method names. A scale of which too few items were answered has no value but the reason why."
* insert TrialResult
* obeys result-category
* category MS
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains survey 0..1 MS
* category[survey] = $observation-category#survey
* code from HrqolScales (required)
* value[x] only Quantity
* value[x] MS
* value[x].value 1..1
* value[x].system 1..1
* value[x].system = $ucum
* value[x].code 1..1
* value[x].code = #{score}
* method 1..1 MS
* method obeys method-version
* derivedFrom 1..* MS
* derivedFrom only Reference(HrqolResponse)
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component contains raw 0..1 MS and answered 0..1 MS and items 0..1 MS
* component[raw].code = HrqolScorePart#raw
* component[raw].value[x] only Quantity
* component[answered].code = HrqolScorePart#answered
* component[answered].value[x] only integer
* component[items].code = HrqolScorePart#items
* component[items].value[x] only integer

CodeSystem: HrqolScorePart
Id: hrqol-score-part
Title: "How a score came about"
Description: "What stands beside a score so that it can be checked."
* ^experimental = false
* ^caseSensitive = true
* #raw "Raw score" "The mean (or sum) of the answered items, before it is put on the scale from 0 to 100."
* #answered "Items answered" "How many items of the scale were answered."
* #items "Items of the scale" "How many items the scale has."

ValueSet: HrqolScoreParts
Id: hrqol-score-parts
Title: "How a score came about"
Description: "Every part that stands beside a score."
* ^experimental = false
* include codes from system HrqolScorePart

CodeSystem: HrqolScale
Id: hrqol-scale
Title: "Scales of quality of life"
Description: "The scales of the placeholder instrument. The trial's own instrument, made for anaplastic thyroid cancer, is not published."
* ^experimental = false
* ^caseSensitive = true
* #neck-symptoms "Neck symptoms" "Swallowing, breathing, voice and pain in the neck; a higher score is more trouble."
* #general-symptoms "General symptoms" "Tiredness, appetite and sleep; a higher score is more trouble."
* #daily-life "Daily life" "What a subject can do; a higher score is better."
* #global-quality "Overall quality of life" "The subject's own judgement; a higher score is better."

ValueSet: HrqolScales
Id: hrqol-scales
Title: "Scales of quality of life"
Description: "Every scale for which a score is recorded."
* ^experimental = false
* include codes from system HrqolScale

// Scales of the answers hrqol-answers-day-14, by the rules of atc-hrqol-scoring 0.1.0.
RuleSet: ScoreOf(scale)
* status = #final
* category[survey] = $observation-category#survey
* code = HrqolScale#{scale}
* subject = Reference(subject-001)
* effectiveDateTime = "2018-11-19T20:10:00+01:00"
* method = $uri#https://example.org/atcfhir/Library/atc-hrqol-scoring|0.1.0
* derivedFrom = Reference(hrqol-answers-day-14)

// (3 + 2 + 2) / 3 = 2.333; (2.333 - 1) / 3 x 100 = 44.44
Instance: hrqol-neck-symptoms-day-14
InstanceOf: HrqolScore
Usage: #example
Title: "Score of neck symptoms"
Description: "Neck symptoms two weeks after inclusion, three of four items answered."
* insert ScoreOf(neck-symptoms)
* valueQuantity = 44.44 $ucum#{score} "score"
* component[raw].valueQuantity = 2.333 $ucum#{score} "score"
* component[answered].valueInteger = 3
* component[items].valueInteger = 4

Instance: hrqol-too-few-answers
InstanceOf: HrqolScore
Usage: #example
Title: "A scale with too few answers"
Description: "A scale of which fewer than half the items were answered has no score."
* insert ScoreOf(daily-life)
* dataAbsentReason = $data-absent-reason#unknown
* dataAbsentReason.text = "1 of 4 items answered; at least half are needed"
* component[answered].valueInteger = 1
* component[items].valueInteger = 4

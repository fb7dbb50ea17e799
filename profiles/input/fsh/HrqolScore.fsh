Profile: HrqolScore
Parent: Observation
Id: hrqol-score
Title: "Score of quality of life"
Description: "The score of one scale, computed from the answers to a questionnaire by the scoring definition that method names."
* insert TrialResult
* category 1..* MS
* code from HrqolScales (required)
* value[x] only Quantity
* value[x] MS
* value[x].value 1..1
* value[x].system 1..1
* value[x].system = $ucum
* value[x].code 1..1
* value[x].code = #{score}
* method 1..1 MS
* derivedFrom 1..* MS
* derivedFrom only Reference(HrqolResponse)

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

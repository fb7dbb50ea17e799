Invariant: ecog-range
Description: "ECOG performance status goes from 0 to 5"
Severity: #error
Expression: "$this >= 0 and $this <= 5"

Profile: EcogPerformanceStatus
Parent: Observation
Id: ecog-performance-status
Title: "ECOG performance status"
Description: "How well a subject copes with daily life, on the scale of the Eastern Cooperative Oncology Group: a whole number from 0 (fully active) to 5 (dead). Compatible with the mCODE profile of the same name."
* insert TrialResult
* obeys result-category
* category MS
* category from EcogCategories (extensible)
* code = $loinc#89247-1
* value[x] only integer
* value[x] MS
* value[x] obeys ecog-range
* interpretation MS
* interpretation from EcogInterpretations (required)

ValueSet: EcogCategories
Id: ecog-categories
Title: "Categories of an ECOG performance status"
Description: "A performance status is asked (survey) or found at examination (exam)."
* ^experimental = false
* $observation-category#survey
* $observation-category#exam

ValueSet: EcogInterpretations
Id: ecog-interpretations
Title: "ECOG performance status in words"
Description: "The answers of LOINC list LL529-9, which stand for the grades 0 to 5."
* ^experimental = false
* $loinc#LA9622-7
* $loinc#LA9623-5
* $loinc#LA9624-3
* $loinc#LA9625-0
* $loinc#LA9626-8
* $loinc#LA9627-6

Instance: ecog-answers-to-grades
InstanceOf: ConceptMap
Usage: #definition
Title: "ECOG answers to grades"
* url = "https://example.org/atcfhir/ConceptMap/ecog-answers-to-grades"
* version = "0.1.0"
* name = "EcogAnswersToGrades"
* title = "ECOG answers to grades"
* description = "Older records carry the performance status as LOINC 89262-0 with an answer of list LL529-9. The trial records the grade."
* status = #active
* experimental = false
* sourceCanonical = Canonical(EcogInterpretations)
* targetCanonical = Canonical(EcogGrades)
* group.source = $loinc
* group.target = Canonical(EcogGrade)
* group.element[+].code = #LA9622-7
* group.element[=].target.code = #0
* group.element[=].target.equivalence = #equal
* group.element[+].code = #LA9623-5
* group.element[=].target.code = #1
* group.element[=].target.equivalence = #equal
* group.element[+].code = #LA9624-3
* group.element[=].target.code = #2
* group.element[=].target.equivalence = #equal
* group.element[+].code = #LA9625-0
* group.element[=].target.code = #3
* group.element[=].target.equivalence = #equal
* group.element[+].code = #LA9626-8
* group.element[=].target.code = #4
* group.element[=].target.equivalence = #equal
* group.element[+].code = #LA9627-6
* group.element[=].target.code = #5
* group.element[=].target.equivalence = #equal

Instance: ecog-codes-to-grade
InstanceOf: ConceptMap
Usage: #definition
Title: "ECOG codes of hospitals to that of the trial"
* url = "https://example.org/atcfhir/ConceptMap/ecog-codes-to-grade"
* version = "0.1.0"
* name = "EcogCodesToGrade"
* title = "ECOG codes of hospitals to that of the trial"
* description = "Older records carry the performance status under LOINC 89262-0; the trial records it under 89247-1."
* status = #active
* experimental = false
* group.source = $loinc
* group.target = $loinc
* group.element[+].code = #89262-0
* group.element[=].target.code = #89247-1
* group.element[=].target.equivalence = #relatedto

CodeSystem: EcogGrade
Id: ecog-grade
Title: "ECOG grade"
Description: "The grade as a code, so that a concept map can lead to it. Results carry it as an integer."
* ^experimental = false
* ^caseSensitive = true
* #0 "Grade 0"
* #1 "Grade 1"
* #2 "Grade 2"
* #3 "Grade 3"
* #4 "Grade 4"
* #5 "Grade 5"

ValueSet: EcogGrades
Id: ecog-grades
Title: "ECOG grades"
Description: "Every ECOG grade."
* ^experimental = false
* include codes from system EcogGrade

Instance: ecog-day-0
InstanceOf: EcogPerformanceStatus
Usage: #example
Title: "ECOG 1 at inclusion"
Description: "A performance status of 1, taken at inclusion."
* status = #final
* category = $observation-category#survey
* code = $loinc#89247-1
* subject = Reference(subject-001)
* effectiveDateTime = "2018-11-05"
* valueInteger = 1
* interpretation = $loinc#LA9623-5

Instance: ecog-not-asked
InstanceOf: EcogPerformanceStatus
Usage: #example
Title: "ECOG that was not asked"
Description: "The visit took place, the performance status was not asked."
* status = #final
* category = $observation-category#survey
* code = $loinc#89247-1
* subject = Reference(subject-001)
* effectiveDateTime = "2018-11-19"
* dataAbsentReason = $data-absent-reason#not-asked

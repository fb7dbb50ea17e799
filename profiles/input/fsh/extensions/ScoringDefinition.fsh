Extension: ScoringDefinition
Id: scoring-definition
Title: "Scoring definition"
Description: "The Library with the rules by which the scales of this questionnaire are scored, with its version."
Context: Questionnaire
* value[x] only canonical
* value[x] 1..1

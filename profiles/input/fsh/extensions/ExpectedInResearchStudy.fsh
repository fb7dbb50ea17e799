Extension: ExpectedInResearchStudy
Id: expected-in-research-study
Title: "Expected in the study"
Description: "Copy of shape. Whether the event is one that the study knows as likely."
Context: AdverseEvent
* insert Backport(expected-in-research-study)
* value[x] only boolean
* value[x] 1..1

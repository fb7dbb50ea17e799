Profile: TrialAdverseEvent
Parent: AdverseEvent
Id: trial-adverse-event
Title: "Adverse event in the trial"
Description: "Anything untoward that happens to a subject, related or not: grade, seriousness, outcome and the investigator's judgement of the cause."
* obeys no-bsn
* study 1..1 MS

// Days count from official inclusion. What the register does not say is marked as an assumption, action by action.
RuleSet: Assumed(text)
* action[=].extension[0].url = Canonical(Assumption)
* action[=].extension[0].valueMarkdown = {text}

RuleSet: ImagingAt(number, weeks)
* action[+].id = "imaging-{number}"
* action[=].title = "Imaging {number} of 4"
* insert Assumed([["The register says four time points of additional imaging and not when: weeks 0, 8, 16 and 26 are assumed."]])
* action[=].definitionCanonical = Canonical(tumour-imaging)
* action[=].relatedAction.actionId = "inclusion"
* action[=].relatedAction.relationship = #after-start
* action[=].relatedAction.offsetDuration = {weeks} $ucum#wk "weeks"

Instance: atc-anakinra1-protocol
InstanceOf: PlanDefinition
Usage: #definition
Title: "Schedule of ATC-Anakinra1"
* url = "https://example.org/atcfhir/PlanDefinition/atc-anakinra1-protocol"
* version = "0.1.0"
* name = "AtcAnakinra1Protocol"
* title = "Schedule of ATC-Anakinra1"
* type = http://terminology.hl7.org/CodeSystem/plan-definition-type#clinical-protocol
* status = #active
* experimental = false
* description = "Single centre, prospective interventional proof of concept study: one week in hospital with anakinra into a vein, then anakinra under the skin until the end of month 6; questionnaires every two weeks, four imaging time points, additional blood at visits."
* action[+].id = "inclusion"
* action[=].title = "Official inclusion"
* action[=].description = "Day 0. Overall survival and progression free survival are counted from here."
* action[+].id = "admission"
* action[=].title = "Admission to the hospital"
* action[=].description = "As part of standard care; anakinra is given into a vein and additional blood is drawn."
* insert Assumed([["Treatment is taken to begin on the day of inclusion, and the admission to last the week of intravenous treatment; the register does not say so."]])
* action[=].code = $sct#32485007 "Hospital admission"
* action[=].relatedAction.actionId = "inclusion"
* action[=].relatedAction.relationship = #after-start
* action[=].relatedAction.offsetDuration = 0 $ucum#d "days"
* action[+].id = "anakinra"
* action[=].title = "Anakinra: 600 mg/d i.v. for 1 week, then 100 mg/d s.c., 6 months in all"
* action[=].definitionCanonical = Canonical(anakinra-treatment)
* action[=].relatedAction.actionId = "admission"
* action[=].relatedAction.relationship = #concurrent-with-start
* action[+].id = "quality-of-life"
* action[=].title = "Questionnaire on quality of life"
* insert Assumed([["The register says bi-weekly. Every two weeks is assumed, not twice a week; a first time at inclusion is assumed."]])
* action[=].timingTiming.repeat.boundsDuration = 26 $ucum#wk "weeks"
* action[=].timingTiming.repeat.frequency = 1
* action[=].timingTiming.repeat.period = 2
* action[=].timingTiming.repeat.periodUnit = #wk
* action[=].definitionCanonical = Canonical(hrqol-assessment)
* insert ImagingAt(1, 0)
* insert ImagingAt(2, 8)
* insert ImagingAt(3, 16)
* insert ImagingAt(4, 26)
* action[+].id = "blood"
* action[=].title = "Additional blood at a visit"
* action[=].description = "At most 40 mL more than standard care needs."
* action[=].definitionCanonical = Canonical(study-blood-draw)
* action[+].id = "performance-status"
* action[=].title = "ECOG performance status"
* insert Assumed("The register names the ECOG scale and no times: at every visit is assumed.")
* action[+].id = "safety"
* action[=].title = "Adverse events"
* insert Assumed([["The register's sentence on safety breaks off: occurrence and severity of adverse events are graded by CTCAE version 5.0, the version being assumed."]])

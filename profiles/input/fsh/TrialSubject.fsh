Invariant: inclusion-date
Description: "A subject who is on the study has a date of official inclusion (period.start): survival is counted from it"
Severity: #error
Expression: "(status in ('on-study' | 'on-study-intervention' | 'on-study-observation' | 'follow-up')) implies period.start.exists()"

Profile: TrialSubject
Parent: ResearchSubject
Id: trial-subject
Title: "Trial subject"
Description: "A person's part in the trial: subject number, state, official inclusion (period.start, from which survival is counted), arm and consent."
* obeys no-bsn and inclusion-date
* extension contains ResearchSubjectProgress named progress 0..*
* identifier 1..* MS
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains subjectNumber 1..1 MS
* identifier[subjectNumber].system 1..1
* identifier[subjectNumber].system = $subject-number
* identifier[subjectNumber].value 1..1
* identifier[subjectNumber].assigner 0..0
* identifier[subjectNumber] obeys subject-number-no-bsn
* status MS
* period MS
* study only Reference(TrialStudy)
* study MS
* individual only Reference(PseudonymousPatient)
* individual MS
* assignedArm MS
* actualArm MS
* consent only Reference(TrialConsent)
* consent MS

Instance: research-subject-001
InstanceOf: TrialSubject
Usage: #example
Title: "Subject 001 in the trial"
Description: "A subject under treatment, included on 5 November 2018."
* extension[progress].extension[subjectState].valueCodeableConcept.text = "on study"
* extension[progress].extension[startDate].valueDateTime = "2018-11-05"
* identifier[subjectNumber].system = $subject-number
* identifier[subjectNumber].value = "001"
* status = #on-study-intervention
* period.start = "2018-11-05"
* study = Reference(atc-anakinra1)
* individual = Reference(subject-001)
* assignedArm = "Anakinra"
* actualArm = "Anakinra"
* consent = Reference(consent-001)

Instance: research-subject-screening
InstanceOf: TrialSubject
Usage: #example
Title: "A subject in screening"
Description: "A subject who is being screened has no date of inclusion yet."
* identifier[subjectNumber].system = $subject-number
* identifier[subjectNumber].value = "002"
* status = #screening
* study = Reference(atc-anakinra1)
* individual = Reference(subject-002)

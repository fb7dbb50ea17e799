Invariant: birth-year-only
Description: "The trial knows the year of birth only, not the day"
Severity: #error
Expression: "$this.toString().matches('^[0-9]{4}$')"

Invariant: subject-number-no-bsn
Description: "A subject number is short; eight or nine digits could be a citizen service number (BSN)"
Severity: #error
Expression: "value.empty() or value.replaceMatches('[ .-]', '').matches('^[0-9]{8,9}$').not()"

Profile: PseudonymousPatient
Parent: Patient
Id: pseudonymous-patient
Title: "Pseudonymous patient"
Description: "A subject of the trial without anything that says who it is: subject number, sex, year of birth, and death. The key to the person stays in the hospital."
* obeys no-bsn
* text 0..0
* contained 0..0
* extension 0..0
* identifier 1..1 MS
* identifier.system 1..1
* identifier.system = $subject-number
* identifier.value 1..1
* identifier.assigner 0..0
* identifier obeys subject-number-no-bsn
* name 0..0
* telecom 0..0
* gender MS
* birthDate MS
* birthDate obeys birth-year-only
* birthDate.extension 0..0
* deceased[x] MS
* address 0..0
* maritalStatus 0..0
* multipleBirth[x] 0..0
* photo 0..0
* contact 0..0
* communication 0..0
* generalPractitioner 0..0
* managingOrganization 0..0
* link 0..0

Instance: subject-001
InstanceOf: PseudonymousPatient
Usage: #example
Title: "Subject 001"
Description: "A subject of whom the trial knows sex and year of birth."
* meta.security = $v3-ObservationValue#PSEUDED
* identifier.system = $subject-number
* identifier.value = "001"
* gender = #female
* birthDate = "1951"

Instance: subject-002
InstanceOf: PseudonymousPatient
Usage: #example
Title: "Subject 002, who died"
Description: "A subject who died; the day of death is an endpoint and is kept."
* meta.security = $v3-ObservationValue#PSEUDED
* identifier.system = $subject-number
* identifier.value = "002"
* gender = #male
* birthDate = "1947"
* deceasedDateTime = "2019-03-02"

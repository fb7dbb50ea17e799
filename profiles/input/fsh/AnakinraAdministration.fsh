Invariant: dose-unless-not-done
Description: "A dose that was given says how much and by which route; only a dose that was not done, or entered in error, goes without"
Severity: #error
Expression: "status in ('not-done' | 'entered-in-error') or dosage.exists()"

Invariant: not-done-reason
Description: "A dose that was not done says why (statusReason)"
Severity: #warning
Expression: "status = 'not-done' implies statusReason.exists()"

Profile: AnakinraAdministration
Parent: MedicationAdministration
Id: anakinra-administration
Title: "Anakinra administration"
Description: "One dose of anakinra as it was given, stopped or missed. The protocol says 600 mg a day into a vein for one week, then 100 mg a day under the skin, six months in all."
* obeys no-bsn and dose-unless-not-done and not-done-reason
* extension contains $workflow-researchStudy named researchStudy 1..1 MS
* extension[researchStudy].value[x] only Reference(TrialStudy)
* status MS
* statusReason MS
* medication[x] only CodeableConcept
* medication[x] from AnakinraMedications (required)
* medication[x] MS
* subject only Reference(PseudonymousPatient)
* subject MS
* effective[x] MS
* request MS
* dosage MS
* dosage.route 1..1
* dosage.route from AnakinraRoutes (required)
* dosage.dose 1..1
* dosage.dose obeys not-negative
* dosage.dose.value 1..1
* dosage.dose.system 1..1
* dosage.dose.system = $ucum
* dosage.dose.code 1..1
* dosage.dose.code = #mg

ValueSet: AnakinraMedications
Id: anakinra-medications
Title: "Anakinra"
Description: "Codes of the trial's product by substance, as Dutch records give them."
* ^experimental = false
* $atc#L04AC03
* $sct#385549000

Instance: anakinra-to-atc
InstanceOf: ConceptMap
Usage: #definition
Title: "Anakinra to its ATC code"
* url = "https://example.org/atcfhir/ConceptMap/anakinra-to-atc"
* version = "0.1.0"
* name = "AnakinraToAtc"
* title = "Anakinra to its ATC code"
* description = "Hospitals name the substance by SNOMED CT or ATC; the trial records it by ATC."
* status = #active
* experimental = false
* sourceCanonical = Canonical(AnakinraMedications)
* group.source = $sct
* group.target = $atc
* group.element[+].code = #385549000
* group.element[=].target.code = #L04AC03
* group.element[=].target.equivalence = #equivalent

ValueSet: AnakinraRoutes
Id: anakinra-routes
Title: "Routes of anakinra in the trial"
Description: "Intravenous in the first week, subcutaneous after it."
* ^experimental = false
* $sct#47625008
* $sct#34206005

Instance: anakinra-day-0
InstanceOf: AnakinraAdministration
Usage: #example
Title: "First day of anakinra, intravenous"
Description: "600 mg anakinra into a vein over the first day."
* extension[researchStudy].valueReference = Reference(atc-anakinra1)
* status = #completed
* medicationCodeableConcept = $atc#L04AC03 "anakinra"
* subject = Reference(subject-001)
* effectivePeriod.start = "2018-11-05T10:00:00+01:00"
* effectivePeriod.end = "2018-11-06T10:00:00+01:00"
* dosage.route = $sct#47625008
* dosage.dose = 600 $ucum#mg "mg"

Instance: anakinra-missed
InstanceOf: AnakinraAdministration
Usage: #example
Title: "A dose of anakinra that was missed"
Description: "A subcutaneous dose that the subject refused."
* extension[researchStudy].valueReference = Reference(atc-anakinra1)
* status = #not-done
* statusReason = $sct#105480006
* medicationCodeableConcept = $atc#L04AC03 "anakinra"
* subject = Reference(subject-001)
* effectiveDateTime = "2018-12-03"

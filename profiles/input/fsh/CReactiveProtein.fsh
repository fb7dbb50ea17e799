Profile: CReactiveProtein
Parent: Observation
Id: c-reactive-protein
Title: "C-reactive protein"
Description: "C-reactive protein in serum or plasma, the trial's marker of systemic inflammation. The trial counts in mg/L; a hospital's own mg/dL is kept in the source from which the trial's result is derived."
* insert TrialResult
* insert LaboratoryQuantity(CReactiveProteinUnits)
* code from CReactiveProteinTests (required)

ValueSet: CReactiveProteinTests
Id: c-reactive-protein-tests
Title: "Tests of C-reactive protein"
Description: "LOINC tests that the trial takes as C-reactive protein."
* ^experimental = false
* $loinc#1988-5
* $loinc#30522-7

ValueSet: CReactiveProteinUnits
Id: c-reactive-protein-units
Title: "Units of C-reactive protein"
Description: "UCUM units in which C-reactive protein is reported."
* ^experimental = false
* $ucum#mg/L
* $ucum#mg/dL

Instance: crp-day-0
InstanceOf: CReactiveProtein
Usage: #example
Title: "C-reactive protein before the first dose"
Description: "A C-reactive protein of 48.2 mg/L before the first dose."
* status = #final
* category[laboratory] = $observation-category#laboratory
* code = $loinc#1988-5
* subject = Reference(subject-001)
* effectiveDateTime = "2018-11-05T08:15:00+01:00"
* valueQuantity = 48.2 $ucum#mg/L "mg/L"

Instance: crp-below-limit
InstanceOf: CReactiveProtein
Usage: #example
Title: "C-reactive protein below the limit of detection"
Description: "A C-reactive protein under 1 mg/L, which keeps its comparator."
* status = #final
* category[laboratory] = $observation-category#laboratory
* code = $loinc#30522-7
* subject = Reference(subject-001)
* effectiveDateTime = "2018-11-12T08:05:00+01:00"
* valueQuantity = 1 $ucum#mg/L "mg/L"
* valueQuantity.comparator = #<

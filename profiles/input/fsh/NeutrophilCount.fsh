Profile: NeutrophilCount
Parent: Observation
Id: neutrophil-count
Title: "Absolute neutrophil count"
Description: "Neutrophils in blood. Under 1.5 x 10^9/L excludes from the trial, and a fall is the known risk of anakinra. UCUM writes the unit as 10*9/L."
* insert TrialResult
* insert LaboratoryQuantity(NeutrophilCountUnits)
* code from NeutrophilCountTests (required)

ValueSet: NeutrophilCountTests
Id: neutrophil-count-tests
Title: "Tests of neutrophils"
Description: "LOINC tests that the trial takes as absolute neutrophil count: automated, unspecified and manual."
* ^experimental = false
* $loinc#751-8
* $loinc#26499-4
* $loinc#753-4

ValueSet: NeutrophilCountUnits
Id: neutrophil-count-units
Title: "Units of a neutrophil count"
Description: "UCUM units in which neutrophils are reported; both are the same number."
* ^experimental = false
* $ucum#10*9/L
* $ucum#10*3/uL

Instance: neutrophils-day-0
InstanceOf: NeutrophilCount
Usage: #example
Title: "Neutrophils before the first dose"
Description: "A neutrophil count of 6.1 x 10^9/L before the first dose."
* status = #final
* category[laboratory] = $observation-category#laboratory
* code = $loinc#751-8
* subject = Reference(subject-001)
* effectiveDateTime = "2018-11-05T08:15:00+01:00"
* valueQuantity = 6.1 $ucum#10*9/L "10*9/L"

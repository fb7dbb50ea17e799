Instance: kineret
InstanceOf: Medication
Usage: #definition
Title: "Kineret (anakinra)"
* code.coding[0] = $atc#L04AC03 "anakinra"
* code.coding[1] = $sct#385549000
* code.text = "Kineret (anakinra)"
* status = #active

Instance: anakinra-treatment
InstanceOf: ActivityDefinition
Usage: #definition
Title: "Treatment with anakinra"
* url = "https://example.org/atcfhir/ActivityDefinition/anakinra-treatment"
* version = "0.1.0"
* name = "AnakinraTreatment"
* title = "Treatment with anakinra"
* status = #active
* experimental = false
* description = "IL1Ra (anakinra, Kineret) 600 mg/d i.v. for 1 week, followed by 100 mg/d s.c. for a total of 6 months. Kineret is registered in the Netherlands and is used outside the intended use."
* usage = "Registered in the Netherlands; in this trial used outside the intended use."
* kind = #MedicationRequest
* intent = #plan
* productReference = Reference(kineret)
* dosage[0].sequence = 1
* dosage[0].text = "600 mg a day intravenously for 1 week"
* dosage[0].extension[0].url = Canonical(Assumption)
* dosage[0].extension[0].valueMarkdown = "The register gives 600 mg a day. Whether as one dose, in parts or continuously is not said: it is held as a total for the day."
* dosage[0].timing.repeat.boundsDuration = 1 $ucum#wk "week"
* dosage[0].timing.repeat.frequency = 1
* dosage[0].timing.repeat.period = 1
* dosage[0].timing.repeat.periodUnit = #d
* dosage[0].route = $sct#47625008 "Intravenous route"
* dosage[0].doseAndRate.doseQuantity = 600 $ucum#mg "mg"
* dosage[0].maxDosePerPeriod.numerator = 600 $ucum#mg "mg"
* dosage[0].maxDosePerPeriod.denominator = 1 $ucum#d "d"
* dosage[1].sequence = 2
* dosage[1].text = "100 mg a day subcutaneously, for a total of 6 months"
* dosage[1].extension[0].url = Canonical(Assumption)
* dosage[1].extension[0].valueMarkdown = "The six months are taken to include the first week: 25 weeks, which with the first week are 26."
* dosage[1].timing.repeat.boundsDuration = 25 $ucum#wk "weeks"
* dosage[1].timing.repeat.frequency = 1
* dosage[1].timing.repeat.period = 1
* dosage[1].timing.repeat.periodUnit = #d
* dosage[1].route = $sct#34206005 "Subcutaneous route"
* dosage[1].doseAndRate.doseQuantity = 100 $ucum#mg "mg"
* dosage[1].maxDosePerPeriod.numerator = 100 $ucum#mg "mg"
* dosage[1].maxDosePerPeriod.denominator = 1 $ucum#d "d"

Instance: hrqol-assessment
InstanceOf: ActivityDefinition
Usage: #definition
Title: "Questionnaire on quality of life"
* url = "https://example.org/atcfhir/ActivityDefinition/hrqol-assessment"
* version = "0.1.0"
* name = "HrqolAssessment"
* title = "Questionnaire on quality of life"
* status = #active
* experimental = false
* description = "The subject fills out the questionnaire on quality of life."
* code = $sct#709503007 "Assessment of quality of life"
* relatedArtifact.type = #depends-on
* relatedArtifact.resource = "https://example.org/atcfhir/Questionnaire/atc-hrqol|0.1.0"

Instance: tumour-imaging
InstanceOf: ActivityDefinition
Usage: #definition
Title: "Imaging of the tumour"
* url = "https://example.org/atcfhir/ActivityDefinition/tumour-imaging"
* version = "0.1.0"
* name = "TumourImaging"
* title = "Imaging of the tumour"
* status = #active
* experimental = false
* description = "Imaging by which tumour dimensions and progression are assessed according to RECIST."
* code = $sct#363679005 "Imaging"

Instance: study-blood-draw
InstanceOf: ActivityDefinition
Usage: #definition
Title: "Additional blood draw"
* url = "https://example.org/atcfhir/ActivityDefinition/study-blood-draw"
* version = "0.1.0"
* name = "StudyBloodDraw"
* title = "Additional blood draw"
* status = #active
* experimental = false
* description = "Additional blood is drawn for the study: at most 40 mL extra per visit."
* code = $sct#82078001 "Collection of blood specimen for laboratory"

// One group per criterion: R4 reads all characteristics of one group as "and", and the first two criteria are alternatives.
CodeSystem: EligibilityCriterion
Id: eligibility-criterion
Title: "Eligibility criteria of ATC-Anakinra1"
Description: "The criteria in the words of the register."
* ^experimental = false
* ^caseSensitive = true
* #I1 "Newly diagnosed, surgery not feasible" "newly diagnosed patients with a proven diagnosis (cytology or histology) of ATC, for whom surgery is not feasible."
* #I2 "Metastasis not amenable to surgery" "Patients with proven ATC (cytology or histology), presenting with metastasis not amendable for surgery."
* #I3 "Adult" "age >= 18 years (the register lost the sign; its own age block says adults and elderly)"
* #E1 "No informed consent possible" "unable to give informed consent"
* #E2 "Pregnancy or breast feeding" "pregnancy or breast feeding"
* #E3 "Neutropenia" "neutropenia (absolute neutrophil count (ANC) < 1.5 x 10^9/l)"
* #E4 "Allergy to compounds like anakinra" "patients with a known history of allergic reactions to compounds of similar chemical or biological composition to Anakinra."
* #E5 "Severe condition" "Any severe condition which could interfere with participation in this trial, including, but not limited to: severe renal dysfunction (creatinin clearance < 15 ml/min), severe cardiac failure, severe respiratory conditions etc."
* #E6 "Active infection" "Active infection; However, after adequate treatment of infections, patients will be eligible for inclusion again."

ValueSet: EligibilityCriteria
Id: eligibility-criteria
Title: "Eligibility criteria of ATC-Anakinra1"
Description: "Every criterion."
* ^experimental = false
* include codes from system EligibilityCriterion

RuleSet: CriterionGroup(criterion, display)
* type = #person
* actual = false
* active = true
* code = EligibilityCriterion#{criterion} {display}
* name = {display}

RuleSet: Criterion(text, exclude)
* characteristic[+].code.text = {text}
* characteristic[=].valueBoolean = true
* characteristic[=].exclude = {exclude}

RuleSet: ProvenAtc
* characteristic[+].code.text = "Diagnosis proven by cytology or histology"
* characteristic[=].valueCodeableConcept.coding[0] = $icd10#C73
* characteristic[=].valueCodeableConcept.coding[1] = $sct#94098005
* characteristic[=].valueCodeableConcept.text = "Anaplastic thyroid carcinoma"
* characteristic[=].exclude = false

Instance: inclusion-1
InstanceOf: Group
Usage: #definition
Title: "Inclusion 1: newly diagnosed, surgery not feasible"
* insert CriterionGroup(I1, [["Newly diagnosed, surgery not feasible"]])
* insert ProvenAtc
* insert Criterion("Newly diagnosed", false)
* insert Criterion("Surgery not feasible", false)

Instance: inclusion-2
InstanceOf: Group
Usage: #definition
Title: "Inclusion 2: metastasis not amenable to surgery"
* insert CriterionGroup(I2, "Metastasis not amenable to surgery")
* insert ProvenAtc
* insert Criterion("Presents with metastasis not amenable to surgery", false)

Instance: inclusion-3
InstanceOf: Group
Usage: #definition
Title: "Inclusion 3: adult"
* insert CriterionGroup(I3, "Adult")
* characteristic.code.text = "Age"
* characteristic.valueRange.low = 18 $ucum#a "years"
* characteristic.exclude = false
* characteristic.extension[0].url = Canonical(Assumption)
* characteristic.extension[0].valueMarkdown = "The register lost the sign before 18 years. At least 18, without an upper limit, follows from its age block."

Instance: exclusion-1
InstanceOf: Group
Usage: #definition
Title: "Exclusion 1: no informed consent possible"
* insert CriterionGroup(E1, "No informed consent possible")
* insert Criterion("Unable to give informed consent", true)

Instance: exclusion-2
InstanceOf: Group
Usage: #definition
Title: "Exclusion 2: pregnancy or breast feeding"
* insert CriterionGroup(E2, "Pregnancy or breast feeding")
* characteristic.code.coding[0] = $loinc#82810-3
* characteristic.code.coding[1] = $loinc#63895-7
* characteristic.code.text = "Pregnancy or breast feeding"
* characteristic.valueBoolean = true
* characteristic.exclude = true

Instance: exclusion-3
InstanceOf: Group
Usage: #definition
Title: "Exclusion 3: neutropenia"
* insert CriterionGroup(E3, "Neutropenia")
* characteristic.code = $loinc#751-8
* characteristic.code.text = "Absolute neutrophil count"
* characteristic.valueQuantity = 1.5 $ucum#10*9/L "10*9/L"
* characteristic.valueQuantity.comparator = #<
* characteristic.exclude = true

Instance: exclusion-4
InstanceOf: Group
Usage: #definition
Title: "Exclusion 4: allergy to compounds like anakinra"
* insert CriterionGroup(E4, "Allergy to compounds like anakinra")
* insert Criterion("Known history of allergic reactions to compounds of similar chemical or biological composition to anakinra", true)

Instance: exclusion-5
InstanceOf: Group
Usage: #definition
Title: "Exclusion 5: severe condition"
* insert CriterionGroup(E5, "Severe condition")
* insert Criterion([["Any severe condition that could interfere with participation, among others the next three"]], true)
* characteristic[+].code = $loinc#35591-7
* characteristic[=].code.text = "Creatinine clearance (severe renal dysfunction)"
* characteristic[=].valueQuantity = 15 $ucum#mL/min "mL/min"
* characteristic[=].valueQuantity.comparator = #<
* characteristic[=].exclude = true
* insert Criterion("Severe cardiac failure", true)
* insert Criterion("Severe respiratory condition", true)

Instance: exclusion-6
InstanceOf: Group
Usage: #definition
Title: "Exclusion 6: active infection"
* insert CriterionGroup(E6, "Active infection")
* characteristic.code = $sct#40733004
* characteristic.code.text = "Active infection; after adequate treatment of infections patients are eligible for inclusion again"
* characteristic.valueBoolean = true
* characteristic.exclude = true

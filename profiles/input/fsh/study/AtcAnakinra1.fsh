// The trial as the Dutch register has it (NL-OMON46644, last updated 19-03-2025; its dates are day-month-year).
RuleSet: Label(type, value)
* extension[label][+].extension[type].valueCodeableConcept = $title-type#{type}
* extension[label][=].extension[value].valueString = {value}

RuleSet: Design(code, display)
* extension[studyDesign][+].valueCodeableConcept = $study-design#{code} {display}

RuleSet: DesignInWords(text)
* extension[studyDesign][+].valueCodeableConcept.text = {text}

RuleSet: Party(role, name, organization)
* extension[associatedParty][+].extension[name].valueString = {name}
* extension[associatedParty][=].extension[role].valueCodeableConcept = $study-party-role#{role}
* extension[associatedParty][=].extension[party].valueReference = Reference({organization})

RuleSet: Progress(code, text, actual, start)
* extension[progressStatus][+].extension[state].valueCodeableConcept = $study-state#{code}
* extension[progressStatus][=].extension[state].valueCodeableConcept.text = {text}
* extension[progressStatus][=].extension[actual].valueBoolean = {actual}
* extension[progressStatus][=].extension[period].valuePeriod.start = "{start}"

RuleSet: Registration(activity, date)
* extension[registration][+].extension[activity].valueCodeableConcept = $study-registration-activity#{activity}
* extension[registration][=].extension[actual].valueBoolean = true
* extension[registration][=].extension[period].valuePeriod.start = "{date}"
* extension[registration][=].extension[period].valuePeriod.end = "{date}"

RuleSet: Outcome(type, name, description)
* extension[outcomeMeasure][+].extension[name].valueString = {name}
* extension[outcomeMeasure][=].extension[type].valueCodeableConcept = $study-objective-type#{type}
* extension[outcomeMeasure][=].extension[description].valueMarkdown = {description}

RuleSet: Objective(type, name, description)
* objective[+].name = {name}
* objective[=].type = $study-objective-type#{type}
* objective[=].extension[description].valueMarkdown = {description}

Instance: atc-anakinra1
InstanceOf: TrialStudy
Usage: #definition
Title: "ATC-Anakinra1"
Description: "The record of the trial ATC-Anakinra1."
* meta.source = "urn:atcfhir:register:ToetsingOnline"
* insert Label(acronym, "ATC-Anakinra1")
* insert Label(scientific, [["Treatment with Recombinant human Interleukin 1 receptor antagonist (Anakinra) in patients with Anaplastic Thyroid Cancer: a proof of concept study"]])
* extension[descriptionSummary].valueMarkdown = "To investigate the efficacy of treatment with human recombinant IL1Ra (rhIL1Ra, Anakinra) in patients with ATC in terms of improved health related quality of life (HRQoL), tumor progression and Overall Survival (OS)."
* insert Design(SEVCO:01001, "Interventional research")
* insert Design(SEVCO:01016, "Uncontrolled cohort design")
* insert DesignInWords([["Single centre, prospective interventional proof of concept study"]])
* insert DesignInWords([["Masking: open (masking not used)"]])
* insert DesignInWords("Control: uncontrolled")
* insert Party(sponsor, "Primary sponsor", radboudumc)
* insert Party(funding-source, "Source of monetary or material support", ministry-ocw)
* insert Party(irb, "Review commission", cmo-arnhem-nijmegen)
* insert Party(general-contact, "Public", radboudumc)
* insert Party(general-contact, "Scientific", radboudumc)
* insert Progress(approved, [["Approved WMO (first submission, CMO regio Arnhem-Nijmegen)"]], true, 2018-03-06)
* insert Progress(approved, [["Approved WMO (first submission, CMO regio Arnhem-Nijmegen)"]], true, 2018-06-06)
* insert Progress(overall-study, [["Start date (anticipated)"]], false, 2018-10-16)
* extension[progressStatus][+].extension[state].valueCodeableConcept = $study-state#closed-to-accrual
* extension[progressStatus][=].extension[state].valueCodeableConcept.text = "Recruitment stopped"
* extension[progressStatus][=].extension[actual].valueBoolean = true
* extension[recruitment].extension[actualNumber].valueUnsignedInt = 10
* insert Outcome(primary, [["Health related quality of life (HRQoL)"]], "Defined based on a newly designed HRQoL score specific for ATC patients.")
* insert Outcome(primary, "Tumor dimensions/progression", "Tumor volume etc. according to RECIST criteria.")
* insert Outcome(primary, [["Overall survival (OS)"]], "Time from official inclusion until death due to any cause.")
* insert Outcome(secondary, "Performance status", [["Measured with the Eastern Cooperative Oncology Group (ECOG) performance scale."]])
* insert Outcome(secondary, [["Progression free survival (PFS)"]], [["The time interval from date of official inclusion to date of first progression or death due to any cause, if death occurs before a progression is documented. Progression will be defined according to RECIST criteria."]])
* insert Outcome(secondary, "Safety", "Occurrence and severity of adverse events according to the [the register's text breaks off here]")
* insert Outcome(secondary, "Systemic inflammation", [["(Systemic) inflammation, from the secondary objectives; the register's list of outcomes breaks off before it."]])
* insert Registration(registration-posting, 2018-03-06)
* insert Registration(update-posting, 2025-03-19)
* identifier[omon].use = #official
* identifier[omon].type = StudyIdentifierType#omon "OMON"
* identifier[omon].system = "https://example.org/atcfhir/sid/omon"
* identifier[omon].value = "NL-OMON46644"
* identifier[omon].assigner.display = "ToetsingOnline"
* identifier[eudract].type = StudyIdentifierType#eudract "EudraCT"
* identifier[eudract].system = "https://example.org/atcfhir/sid/eudract"
* identifier[eudract].value = "2017-003028-59"
* identifier[ccmo].type = StudyIdentifierType#ccmo "CCMO"
* identifier[ccmo].system = "https://example.org/atcfhir/sid/ccmo"
* identifier[ccmo].value = "NL62684.091.17"
* identifier[other].use = #secondary
* identifier[other].type = StudyIdentifierType#other "Other registration"
* identifier[other].type.text = "Other registration in this register: ID 22269, source NTR"
* identifier[other].system = "https://example.org/atcfhir/sid/omon"
* identifier[other].value = "NL-OMON22269"
* identifier[4].use = #secondary
* identifier[4].type = StudyIdentifierType#ictrp "WHO ICTRP"
* identifier[4].type.text = "WHO ICTRP"
* identifier[4].system = "https://example.org/atcfhir/sid/ictrp"
* identifier[4].value = "EUCTR2017-003028-59-NL"
* title = "Treatment with Recombinant human Interleukin 1 receptor antagonist (Anakinra) in patients with Anaplastic Thyroid Cancer: a proof of concept study"
* protocol = Reference(atc-anakinra1-protocol)
* status = #closed-to-accrual
* primaryPurposeType = $study-prim-purp-type#treatment "Treatment"
* category.text = "Interventional"
* focus.coding[0] = $atc#L04AC03 "anakinra"
* focus.coding[1] = $sct#385549000
* focus.text = "Anakinra (Kineret)"
* condition[0].text = "Thyroid gland disorders"
* condition[1].text = "Endocrine neoplasms malignant and unspecified"
* condition[2].coding[0] = $icd10#C73 "Malignant neoplasm of thyroid gland"
* condition[2].coding[1] = $sct#94098005 "Primary malignant neoplasm of thyroid gland"
* condition[2].coding[2] = $ncit#C3878
* condition[2].text = "Anaplastic Thyroid Carcinoma; Anaplastic Thyroid Cancer"
* contact[0].name = "Public: Radboud Universitair Medisch Centrum"
* contact[1].name = "Scientific: Radboud Universitair Medisch Centrum"
* keyword[0].text = "Anaplastic Thyroid Cancer"
* keyword[1].text = "IL-1Ra (anakinra)"
* location = $country#NL "Netherlands"
* location.text = "Netherlands"
* description = """
  **Background**

  Non-medullary thyroid carcinoma (TC) is the most common endocrine malignancy and worldwide one of the most rapidly increasing cancer types. Anaplastic thyroid carcinoma (ATC), is the most aggressive form of TC, with an extremely poor prognosis with a median survival of less than 6 months and a 5 year relative survival of less than 14%.

  The locally extensive nature of ATC usually precludes patients from any surgical options. Furthermore, lack of sodium iodine symporter (NIS) expression in ATC renders radioactive iodine treatment ineffective. Patients with unresectable ATC can be offered External Beam Radiation Therapy (EBRT). However, due to rapid progression, even this local treatment is often not feasible and patients still die early.

  To improve the prognosis and morbidity of ATC patients, there is an imperative need to explore new treatment options that on the one hand can effectively stop the tumor growth and help reduce tumor burden in order to make room for other local treatments such as surgery and EBRT.

  One of the most promising and increasingly used therapy options in many cancers is targeting the antitumoral immune response. Previous studies have shown that ATCs are highly infiltrated with inflammatory cells, and this correlates with aggressiveness of the tumor and a poor prognosis. This local inflammatory response, and especially Interleukin 1 (IL-1) plays an important role in carcinogenesis and tumor progression. Results from trials using IL-1 blockade to treat other malignancies, show that IL-1 blockade reduces metastasis and tumor load, and improves Quality of Life (QoL) and is well tolerated in humans with little to no toxicity.

  We therefore propose a proof-of-concept study to explore the therapeutic potential of targeting this sterile inflammatory response with recombinant human interleukin-1 receptor antagonist (rh IL-1Ra, anakinra) in patients with ATC.

  **Burden and risks**

  Anakinra has been used in other diseases for a longer time now and is well tolerated and associated with only few side effects, which can be monitored easily.

  In this study, only a few additional study procedures will be conducted compared to standard care. As part of standard care, patients will be admitted to the hospital. During this stay, they will receive anakinra treatment and some additional blood will be drawn. For the remainder of the study, some additional blood will be drawn (max 40 ml extra per visit), questionnaires will need to be filled out bi-weekly, and some additional imaging (total of 4 time points) will take place. This is will not be a significant burden for patients.

  The risks of this study are minimal and thus acceptable for patients participating in this study because it will provide them with a treatment option which could possibly improve their symptoms and prognosis. Patients with ATC are faced with a very poor prognosis and current treatment options such as surgery and EBRT are not always applicable for all ATC patients because of advanced disease, leaving them with no other treatment options and an even worse prognosis. Treatment with anakinra could offer these patients a second chance, possibly leading to improved QoL, reduced tumor growth and less morbidity, and making room for surgery or EBRT again.
  """
* enrollment[+] = Reference(inclusion-1)
* enrollment[+] = Reference(inclusion-2)
* enrollment[+] = Reference(inclusion-3)
* enrollment[+] = Reference(exclusion-1)
* enrollment[+] = Reference(exclusion-2)
* enrollment[+] = Reference(exclusion-3)
* enrollment[+] = Reference(exclusion-4)
* enrollment[+] = Reference(exclusion-5)
* enrollment[+] = Reference(exclusion-6)
* period.start = "2018-10-16"
* sponsor = Reference(radboudumc)
* site = Reference(radboudumc-site)
* note[0].text = "Kineret is registered in the Netherlands and is used outside the intended use."
* note[1].text = "Assumption: a person is eligible who meets inclusion 1 or 2, and inclusion 3, and none of the exclusions. The register lists the criteria without saying how they combine."
* note[1].extension[0].url = Canonical(Assumption)
* note[1].extension[0].valueMarkdown = "The register lists the criteria and does not say how they combine."
* arm.name = "Anakinra"
* arm.type = $study-arm-type#experimental
* arm.type.text = "Experimental"
* arm.description = "IL1Ra (anakinra, Kineret) 600 mg/d i.v. for 1 week, followed by 100 mg/d s.c. for a total of 6 months"
* insert Objective(primary, "Health related quality of life", "To investigate the efficacy of treatment with anakinra in patients with ATC in terms of improved health related quality of life.")
* insert Objective(primary, "Tumor progression", "To investigate the efficacy of treatment with anakinra in patients with ATC in terms of tumor progression.")
* insert Objective(primary, "Overall survival", "To investigate the efficacy of treatment with anakinra in patients with ATC in terms of overall survival.")
* insert Objective(secondary, "Safety", [["To investigate the effect of treatment with anakinra in patients with ATC in terms of safety (occurrence and severity of adverse events)."]])
* insert Objective(secondary, "Progression free survival", "To investigate the effect of treatment with anakinra in patients with ATC in terms of progression free survival.")
* insert Objective(secondary, "Performance status", "To investigate the effect of treatment with anakinra in patients with ATC in terms of performance status.")
* insert Objective(secondary, "Inflammation", [["To investigate the effect of treatment with anakinra in patients with ATC in terms of (systemic) inflammation."]])

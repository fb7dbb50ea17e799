Invariant: grade-5-fatal
Description: "An adverse event of grade 5 is fatal, and a fatal one is grade 5"
Severity: #error
Expression: "extension('http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/ae-grade').value.ofType(CodeableConcept).coding.where(code = 'C48275').exists() = outcome.coding.where(system = 'http://terminology.hl7.org/CodeSystem/adverse-event-outcome' and code = 'fatal').exists()"

Invariant: serious-criteria
Description: "A serious adverse event says by which criterion it is serious; one that is not serious names none"
Severity: #error
Expression: "iif(seriousness.coding.where(code = 'serious').exists(), extension('http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/seriousness-criteria').extension('criterionPresent').where(value = true).exists(), extension('http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/seriousness-criteria').empty())"

Invariant: severity-of-grade
Description: "Severity follows from the grade: 1 is mild, 2 is moderate, 3 to 5 are severe"
Severity: #error
Expression: "severity.empty() or (severity.coding.where(code = 'mild').exists() and extension('http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/ae-grade').value.ofType(CodeableConcept).coding.where(code = 'C41338').exists()) or (severity.coding.where(code = 'moderate').exists() and extension('http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/ae-grade').value.ofType(CodeableConcept).coding.where(code = 'C41339').exists()) or (severity.coding.where(code = 'severe').exists() and extension('http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/ae-grade').value.ofType(CodeableConcept).coding.where(code in ('C41340' | 'C41337' | 'C48275')).exists())"

Invariant: outcomes-agree
Description: "The outcome as FHIR codes it and as NCI codes it must be the same"
Severity: #error
Expression: "outcome.coding.where(system = 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl').empty() or (outcome.coding.where(code = 'C49498').exists() and outcome.coding.where(code = 'resolved').exists()) or (outcome.coding.where(code = 'C49496').exists() and outcome.coding.where(code = 'recovering').exists()) or (outcome.coding.where(code = 'C49494').exists() and outcome.coding.where(code = 'ongoing').exists()) or (outcome.coding.where(code = 'C49495').exists() and outcome.coding.where(code = 'resolvedWithSequelae').exists()) or (outcome.coding.where(code = 'C48275').exists() and outcome.coding.where(code = 'fatal').exists())"

Invariant: ends-after-onset
Description: "An adverse event cannot be over before it began"
Severity: #error
Expression: "extension('http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/resolve-date').value.ofType(dateTime).where($this < %resource.date).empty()"

Invariant: meddra-shape
Description: "A MedDRA code has eight digits and comes with the version of MedDRA"
Severity: #error
Expression: "coding.where(system = 'https://www.meddra.org').all(version.exists() and code.matches('^[0-9]{8}$'))"

Profile: TrialAdverseEvent
Parent: AdverseEvent
Id: trial-adverse-event
Title: "Adverse event in the trial"
Description: "Anything untoward that happens to a subject, related to anakinra or not: grade, seriousness, outcome, and the investigator's judgement of the cause. Uses the extensions of HL7 Vulcan's R4 backport, and keeps suspectEntity, by which R4 servers can search."
* obeys no-bsn and grade-5-fatal and serious-criteria and severity-of-grade and outcomes-agree and ends-after-onset
* extension contains
    AdverseEventGrade named grade 1..1 MS and
    ResearchSubjectRef named researchSubject 0..1 MS and
    SeriousnessCriteria named seriousnessCriteria 0..* MS and
    ExpectedInResearchStudy named expected 0..1 MS and
    ResolveDate named resolveDate 0..1 MS and
    MitigatingAction named mitigatingAction 0..* MS and
    CausedSubjectToDiscontinueStudy named discontinuedStudy 0..1 MS
* extension[grade].value[x] from AdverseEventGrades (required)
* extension[seriousnessCriteria].extension[criterionCode].value[x] from AdverseEventSeriousnessCriteria (required)
* actuality = #actual
* actuality MS
* category MS
* event 1..1 MS
* event obeys meddra-shape
* event.text 1..1 MS
* subject only Reference(PseudonymousPatient)
* subject MS
* date 1..1 MS
* seriousness 1..1 MS
* seriousness from AdverseEventSeriousness (required)
* severity MS
* outcome 1..1 MS
* outcome.coding ^slicing.discriminator.type = #value
* outcome.coding ^slicing.discriminator.path = "system"
* outcome.coding ^slicing.rules = #open
* outcome.coding contains fhir 1..1 MS and nci 0..1 MS
* outcome.coding[fhir].system 1..1
* outcome.coding[fhir].system = $ae-outcome
* outcome.coding[fhir].code 1..1
* outcome.coding[nci].system 1..1
* outcome.coding[nci].system = $ncit
* outcome.coding[nci] from AdverseEventOutcomes (required)
* suspectEntity MS
* suspectEntity.causality MS
* suspectEntity.causality.assessment MS
* suspectEntity.causality.assessment from AdverseEventCausality (extensible)
* study 1..1 MS
* study only Reference(TrialStudy)

ValueSet: AdverseEventGrades
Id: adverse-event-grades
Title: "Grades of adverse events"
Description: "Grades 1 to 5. Concepts of http://terminology.hl7.org/ValueSet/adverse-event-clinical-research-grades, repeated so that it can be checked offline."
* ^experimental = false
* $ncit#C41338 "Grade 1 Mild Adverse Event"
* $ncit#C41339 "Grade 2 Moderate Adverse Event"
* $ncit#C41340 "Grade 3 Severe Adverse Event"
* $ncit#C41337 "Grade 4 Life Threatening or Disabling Adverse Event"
* $ncit#C48275 "Grade 5 Death Related to Adverse Event"

// The editions of two HL7 systems that are newer than R4's under the same address (HL7 terminology 7.0.1, CC0). With them a validator that
// knows R4 alone can tell that "serious" and "clinical-research" are codes.
CodeSystem: SeriousnessOfTerminology
Id: adverse-event-seriousness
Title: "Seriousness of adverse events, HL7 terminology"
Description: "Copy of HL7 terminology's edition 1.0.1, in which the codes are written with a small letter. R4 4.0.1 writes them with a capital."
* insert CopyOf(hl7.terminology.r4 7.0.1)
* ^url = $ae-seriousness
* ^version = "1.0.1"
* ^caseSensitive = true
* ^content = #complete
* #non-serious "Non-serious" "This event is considered not to have the potential for persistent or costly injury or consequence."
* #serious "Serious" "This event is considered to have the potential for persistent or costly injury or consequence."

CodeSystem: CategoriesOfTerminology
Id: adverse-event-category
Title: "Categories of adverse events, HL7 terminology"
Description: "Copy of HL7 terminology's edition 2.0.0, which added clinical research. R4 4.0.1 has other codes under the same address."
* insert CopyOf(hl7.terminology.r4 7.0.1)
* ^url = $ae-category
* ^version = "2.0.0"
* ^caseSensitive = true
* ^content = #complete
* #clinical-research "Clinical Research" "The adverse event pertains to clinical research."
* #wrong-patient "Wrong Patient" "The adverse event pertains to an event involving the wrong patient, who was not the intended subject."
* #procedure-mishap "Procedure Mishap" "The adverse event pertains to a procedure mishap."
* #medication-mishap "Medication Mishap" "The adverse event pertains to a medication mishap, such as wrong dose, route, rate, or duration of administration."
* #device "Device" "The adverse event pertains to a device."
* #unsafe-physical-environment "Unsafe Physical Environment" "The adverse event pertains to an unsafe physical environment."
* #hospital-aquired-infection "Hospital Acquired Infection" "The adverse event pertains to a hospital acquired infection."
* #wrong-body-site "Wrong Body Site" "The adverse event pertains to the wrong body site."

ValueSet: AdverseEventSeriousness
Id: adverse-event-seriousness
Title: "Seriousness of adverse events"
Description: "R4 4.0.1 spells the codes of this system Serious and Non-serious, HL7 terminology spells them serious and non-serious under the same address. The trial uses the newer spelling, as HL7 Vulcan does; whatever takes data in turns the old one into it."
* ^experimental = false
* $ae-seriousness#serious
* $ae-seriousness#non-serious

ValueSet: AdverseEventSeriousnessCriteria
Id: adverse-event-seriousness-criteria
Title: "Criteria of serious adverse events"
Description: "What makes an adverse event serious."
* ^experimental = false
* $ncit#C48275 "Results In Death"
* $ncit#C84266 "Is Life Threatening"
* $ncit#C83052 "Requires Inpatient Hospitalization"
* $ncit#C11338 "Results In Persistent Or Significant Disability"
* $ncit#C83117 "Congenital Anomaly or Birth Defect"
* $ncit#C82521 "Other Medically Important Condition"
* $ncit#C201939 "Required Intervention to Prevent Permanent Impairment/damage"

ValueSet: AdverseEventOutcomes
Id: adverse-event-outcomes
Title: "Outcomes of adverse events as NCI codes them"
Description: "How an adverse event ended, in the codes that research reports use."
* ^experimental = false
* $ncit#C49498 "Recovered/Resolved"
* $ncit#C49496 "Recovering/Resolving"
* $ncit#C49494 "Not recovering/not resolved"
* $ncit#C49495 "Recovered/Resolved with sequelae"
* $ncit#C48275 "Fatal"

ValueSet: AdverseEventCausality
Id: adverse-event-causality
Title: "Relatedness of adverse events"
Description: "How the investigator judges the part of a suspected cause."
* ^experimental = false
* $ncit#C53256 "Not Related"
* $ncit#C53257 "Unlikely Related"
* $ncit#C53258 "Possibly Related"
* $ncit#C53260 "Related"

ValueSet: AdverseEventFhirOutcomes
Id: adverse-event-fhir-outcomes
Title: "Outcomes of adverse events as FHIR R4 codes them"
Description: "The codes that R4 requires of AdverseEvent.outcome and that NCI has an equivalent of."
* ^experimental = false
* $ae-outcome#resolved
* $ae-outcome#recovering
* $ae-outcome#ongoing
* $ae-outcome#resolvedWithSequelae
* $ae-outcome#fatal

Instance: adverse-event-seriousness-of-r4
InstanceOf: ConceptMap
Usage: #definition
Title: "Seriousness of adverse events, R4 to HL7 terminology"
* url = "https://example.org/atcfhir/ConceptMap/adverse-event-seriousness-of-r4"
* version = "0.1.0"
* name = "AdverseEventSeriousnessOfR4"
* title = "Seriousness of adverse events, R4 to HL7 terminology"
* description = "R4 4.0.1 writes the codes with a capital, HL7 terminology with a small letter, under one address. The trial keeps the newer spelling."
* status = #active
* experimental = false
* targetCanonical = Canonical(AdverseEventSeriousness)
* group.source = $ae-seriousness
* group.target = $ae-seriousness
* group.sourceVersion = "4.0.1"
* group.targetVersion = "1.0.1"
* group.element[+].code = #Serious
* group.element[=].target.code = #serious
* group.element[=].target.equivalence = #equal
* group.element[+].code = #Non-serious
* group.element[=].target.code = #non-serious
* group.element[=].target.equivalence = #equal

Instance: adverse-event-grade-to-severity
InstanceOf: ConceptMap
Usage: #definition
Title: "Grades of adverse events to severity"
* url = "https://example.org/atcfhir/ConceptMap/adverse-event-grade-to-severity"
* version = "0.1.0"
* name = "AdverseEventGradeToSeverity"
* title = "Grades of adverse events to severity"
* description = "R4 knows three severities, research five grades: severity follows from the grade."
* status = #active
* experimental = false
* sourceCanonical = Canonical(AdverseEventGrades)
* group.source = $ncit
* group.target = $ae-severity
* group.element[+].code = #C41338
* group.element[=].target.code = #mild
* group.element[=].target.equivalence = #equivalent
* group.element[+].code = #C41339
* group.element[=].target.code = #moderate
* group.element[=].target.equivalence = #equivalent
* group.element[+].code = #C41340
* group.element[=].target.code = #severe
* group.element[=].target.equivalence = #wider
* group.element[+].code = #C41337
* group.element[=].target.code = #severe
* group.element[=].target.equivalence = #wider
* group.element[+].code = #C48275
* group.element[=].target.code = #severe
* group.element[=].target.equivalence = #wider

Instance: adverse-event-outcome-to-nci
InstanceOf: ConceptMap
Usage: #definition
Title: "Outcomes of adverse events, FHIR R4 to NCI"
* url = "https://example.org/atcfhir/ConceptMap/adverse-event-outcome-to-nci"
* version = "0.1.0"
* name = "AdverseEventOutcomeToNci"
* title = "Outcomes of adverse events, FHIR R4 to NCI"
* description = "R4 and the Vulcan profile require outcomes of two vocabularies that have no code in common: an adverse event carries both. Read backwards, it leads from NCI to R4. R4's 'unknown' has no equivalent."
* status = #active
* experimental = false
* sourceCanonical = Canonical(AdverseEventFhirOutcomes)
* targetCanonical = Canonical(AdverseEventOutcomes)
* group.source = $ae-outcome
* group.target = $ncit
* group.element[+].code = #resolved
* group.element[=].target.code = #C49498
* group.element[=].target.equivalence = #equal
* group.element[+].code = #recovering
* group.element[=].target.code = #C49496
* group.element[=].target.equivalence = #equal
* group.element[+].code = #ongoing
* group.element[=].target.code = #C49494
* group.element[=].target.equivalence = #equal
* group.element[+].code = #resolvedWithSequelae
* group.element[=].target.code = #C49495
* group.element[=].target.equivalence = #equal
* group.element[+].code = #fatal
* group.element[=].target.code = #C48275
* group.element[=].target.equivalence = #equal

Instance: adverse-event-injection-site
InstanceOf: TrialAdverseEvent
Usage: #example
Title: "Reaction at the injection site, grade 1"
Description: "A mild reaction at the injection site that is over."
* extension[grade].valueCodeableConcept = $ncit#C41338 "Grade 1 Mild Adverse Event"
* extension[researchSubject].valueReference = Reference(research-subject-001)
* extension[expected].valueBoolean = true
* extension[resolveDate].valueDateTime = "2018-11-20"
* actuality = #actual
* category = $ae-category#clinical-research
* event.text = "Redness at the injection site"
* subject = Reference(subject-001)
* date = "2018-11-14"
* seriousness = $ae-seriousness#non-serious
* severity = $ae-severity#mild
* outcome.coding[fhir] = $ae-outcome#resolved
* outcome.coding[nci] = $ncit#C49498 "Recovered/Resolved"
* suspectEntity.instance = Reference(kineret)
* suspectEntity.causality.assessment = $ncit#C53260 "Related"
* study = Reference(atc-anakinra1)

Instance: adverse-event-pneumonia
InstanceOf: TrialAdverseEvent
Usage: #example
Title: "Pneumonia, grade 5"
Description: "A fatal pneumonia, serious because it led to death."
* extension[grade].valueCodeableConcept = $ncit#C48275 "Grade 5 Death Related to Adverse Event"
* extension[seriousnessCriteria].extension[criterionCode].valueCodeableConcept = $ncit#C48275 "Results In Death"
* extension[seriousnessCriteria].extension[criterionPresent].valueBoolean = true
* extension[expected].valueBoolean = false
* extension[mitigatingAction].extension[item].valueCodeableConcept.text = "Anakinra was stopped and antibiotics were given"
* extension[discontinuedStudy].valueBoolean = true
* actuality = #actual
* event.text = "Pneumonia"
* subject = Reference(subject-002)
* date = "2019-02-25"
* seriousness = $ae-seriousness#serious
* severity = $ae-severity#severe
* outcome.coding[fhir] = $ae-outcome#fatal
* outcome.coding[nci] = $ncit#C48275 "Fatal"
* suspectEntity.instance = Reference(kineret)
* suspectEntity.causality.assessment = $ncit#C53258 "Possibly Related"
* study = Reference(atc-anakinra1)

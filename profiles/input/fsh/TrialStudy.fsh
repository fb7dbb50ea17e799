// What every record of a trial should say. Records of the register are incomplete in practice, and an import must not invent what they
// leave out: missing facts are warnings, wrong ones are errors.
Invariant: study-numbers
Description: "The record of a trial should give its number in the Dutch register (OMON), and its CCMO number"
Severity: #warning
Expression: "identifier.type.coding.where(code = 'omon').exists() and identifier.type.coding.where(code = 'ccmo').exists()"

Invariant: study-acronym
Description: "The record of a trial should give its brief title (a label of type acronym)"
Severity: #warning
Expression: "extension('http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.label').where(extension('type').value.ofType(CodeableConcept).coding.where(code = 'acronym').exists()).exists()"

Invariant: study-sponsor
Description: "The record of a trial should name its sponsor"
Severity: #warning
Expression: "sponsor.exists()"

Invariant: study-aims
Description: "The record of a trial should say what it is for: primary purpose, condition, objective and outcome measure"
Severity: #warning
Expression: "primaryPurposeType.exists() and condition.exists() and objective.exists() and extension('http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.outcomeMeasure').exists()"

Invariant: study-enrolment
Description: "The record of a trial should say how many subjects it wants or has"
Severity: #warning
Expression: "extension('http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.recruitment').exists()"

Invariant: omon-number
Description: "A number in the Dutch trial register is written NL-OMON46644"
Severity: #error
Expression: "value.hasValue().not() or value.matches('^NL-OMON[0-9]+$')"

Invariant: eudract-number
Description: "A EudraCT number is written 2017-003028-59; with EUCTR before it and a country behind it, it is the number in the WHO's register"
Severity: #error
Expression: "value.hasValue().not() or value.matches('^[0-9]{4}-[0-9]{6}-[0-9]{2}$')"

Invariant: ccmo-number
Description: "A CCMO number is written NL62684.091.17"
Severity: #error
Expression: "value.hasValue().not() or value.matches('^NL[0-9]{5}[.][0-9]{3}[.][0-9]{2}$')"

Profile: TrialStudy
Parent: ResearchStudy
Id: trial-study
Title: "Trial"
Description: "The record of a trial as the Dutch register gives it. What R5 added to ResearchStudy (brief title, outcome measures, enrolment, parties, approvals) is carried by the official cross-version extensions."
* obeys study-numbers and study-acronym and study-sponsor and study-aims and study-enrolment
* extension contains
    ResearchStudyLabel named label 0..* MS and
    ResearchStudyDescriptionSummary named descriptionSummary 0..1 MS and
    ResearchStudyStudyDesign named studyDesign 0..* MS and
    ResearchStudyAssociatedParty named associatedParty 0..* MS and
    ResearchStudyProgressStatus named progressStatus 0..* MS and
    ResearchStudyRecruitment named recruitment 0..1 MS and
    ResearchStudyOutcomeMeasure named outcomeMeasure 0..* MS and
    ResearchStudyRegistration named registration 0..* MS
* extension[label].extension[type] 1..1
* extension[label].extension[value] 1..1
* identifier MS
* identifier.type 1..1
* identifier.value 1..1
* identifier ^slicing.discriminator.type = #pattern
* identifier ^slicing.discriminator.path = "type"
* identifier ^slicing.rules = #open
* identifier contains omon 0..1 MS and eudract 0..1 MS and ccmo 0..1 MS and other 0..* MS
* identifier[omon].type = StudyIdentifierType#omon
* identifier[omon].system 1..1
* identifier[omon] obeys omon-number
* identifier[eudract].type = StudyIdentifierType#eudract
* identifier[eudract].system 1..1
* identifier[eudract] obeys eudract-number
* identifier[ccmo].type = StudyIdentifierType#ccmo
* identifier[ccmo].system 1..1
* identifier[ccmo] obeys ccmo-number
* identifier[other].type = StudyIdentifierType#other
* title 1..1 MS
* protocol MS
* status MS
* primaryPurposeType MS
* phase MS
* category MS
* focus MS
* condition MS
* contact MS
* keyword MS
* location MS
* description MS
* enrollment MS
* period MS
* sponsor MS
* site MS
* arm MS
* objective MS
* objective.type MS
* objective.extension contains ResearchStudyObjectiveDescription named description 0..1

CodeSystem: StudyIdentifierType
Id: study-identifier-type
Title: "Registers of trials"
Description: "Which register gave a trial its number. None of them publishes an official address for its numbers."
* ^experimental = false
* ^caseSensitive = true
* #omon "OMON" "Overview of Medical Research in the Netherlands (Overzicht van Medisch-wetenschappelijk Onderzoek in Nederland)."
* #eudract "EudraCT" "The European number of a clinical trial."
* #ccmo "CCMO" "The number of the file at the Central Committee on Research Involving Human Subjects."
* #ictrp "WHO ICTRP" "The EudraCT number as the register of the World Health Organization writes it."
* #other "Other registration" "Another record of the same trial in the same register."

ValueSet: StudyIdentifierTypes
Id: study-identifier-types
Title: "Registers of trials"
Description: "Every kind of number of a trial."
* ^experimental = false
* include codes from system StudyIdentifierType

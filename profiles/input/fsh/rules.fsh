// What several concepts share. Names that begin with a small letter are no concepts.

// Identifiers and references by identifier are where a citizen service number travels in Dutch hospital data.
Invariant: no-bsn
Description: "A citizen service number (BSN) must not reach the trial"
Severity: #error
Expression: "descendants().ofType(Identifier).where(system = 'http://fhir.nl/fhir/NamingSystem/bsn').empty()"

Invariant: result-value
Description: "A result has a value, or says why the value is absent"
Severity: #error
Expression: "value.exists() or dataAbsentReason.exists()"

Invariant: result-category
Description: "A result should say its category: searches and viewers sort by it"
Severity: #warning
Expression: "category.exists()"

Invariant: laboratory-category
Description: "A laboratory result should have the category laboratory: searches and viewers sort by it"
Severity: #warning
Expression: "category.coding.where(system = 'http://terminology.hl7.org/CodeSystem/observation-category' and code = 'laboratory').exists()"

// Every result of a subject: whose, when, and a value or the reason why there is none.
RuleSet: TrialResult
* obeys no-bsn and result-value
* subject 1..1 MS
* subject only Reference(PseudonymousPatient)
* effective[x] 1..1 MS
* effective[x] only dateTime or Period
* dataAbsentReason MS
* status MS
* code MS

Invariant: not-negative
Description: "A measured amount cannot be below zero"
Severity: #error
Expression: "value.empty() or value >= 0"

// A laboratory result as a UCUM quantity in one of the units of the trial.
RuleSet: LaboratoryQuantity(units)
* obeys laboratory-category
* category MS
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains laboratory 0..1 MS
* category[laboratory] = $observation-category#laboratory
* value[x] only Quantity
* value[x] from {units} (required)
* value[x] MS
* value[x] obeys not-negative
* value[x].value 1..1
* value[x].system 1..1
* value[x].system = $ucum
* value[x].code 1..1

// Definitions that others publish and that this package repeats, so that any validator can check them.
RuleSet: CopyOf(source)
* ^publisher = "Copy for offline checks. The official definition is published in {source}"
* ^experimental = true
* ^status = #active

RuleSet: CrossVersion(path)
* insert CopyOf(hl7.fhir.uv.xver-r5.r4 0.1.0)
* ^url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-{path}"

RuleSet: Backport(id)
* insert CopyOf(hl7.fhir.uv.ae-research-backport-ig)
* ^url = "http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/{id}"

Invariant: histology-named
Description: "A code for any thyroid cancer (C73, 94098005) does not say anaplastic: give the histology as a code or in the text"
Severity: #warning
Expression: "text.exists() or coding.where((system = 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl' and code = 'C3878') or (system = 'http://terminology.hl7.org/CodeSystem/icd-o-3' and code = '8021/3')).exists()"

Profile: AnaplasticThyroidCarcinoma
Parent: Condition
Id: anaplastic-thyroid-carcinoma
Title: "Anaplastic thyroid carcinoma"
Description: "The diagnosis for which a subject is in the trial. Dutch hospitals code it as ICD-10 C73, which is any cancer of the thyroid, so the histology has to come with it."
* obeys no-bsn
* clinicalStatus MS
* verificationStatus 1..1 MS
* code 1..1 MS
* code from AnaplasticThyroidCarcinomaCodes (extensible)
* code obeys histology-named
* bodySite MS
* bodySite from ThyroidSites (extensible)
* subject only Reference(PseudonymousPatient)
* subject MS
* onset[x] MS
* recordedDate MS
* evidence MS

ValueSet: AnaplasticThyroidCarcinomaCodes
Id: anaplastic-thyroid-carcinoma-codes
Title: "Anaplastic thyroid carcinoma"
Description: "Codes under which the diagnosis is recorded. No SNOMED CT code of the anaplastic form itself was verified: 94098005 is the primary cancer of the thyroid, to which text or another code adds the histology."
* ^experimental = false
* $icd10#C73
* $sct#94098005
* $ncit#C3878
* $icdo3#8021/3

ValueSet: ThyroidSites
Id: thyroid-sites
Title: "Sites in the thyroid"
Description: "The thyroid gland and its lobes."
* ^experimental = false
* $sct#69748006
* $sct#29565003
* $sct#79163004

Instance: diagnosis-001
InstanceOf: AnaplasticThyroidCarcinoma
Usage: #example
Title: "Diagnosis of subject 001"
Description: "A confirmed anaplastic carcinoma of the thyroid."
* clinicalStatus = $condition-clinical#active
* verificationStatus = $condition-ver-status#confirmed
* code.coding[0] = $icd10#C73
* code.coding[1] = $sct#94098005
* code.text = "Anaplastic carcinoma of the thyroid, proven by histology"
* bodySite = $sct#69748006
* subject = Reference(subject-001)
* onsetDateTime = "2018-10-22"
* recordedDate = "2018-10-25"

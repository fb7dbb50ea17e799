Invariant: consent-state
Description: "An active consent permits; one that was withdrawn is inactive and says until when it held (provision.period.end)"
Severity: #error
Expression: "(status = 'active' implies provision.type = 'permit') and (status = 'inactive' implies provision.period.end.exists())"

Profile: TrialConsent
Parent: Consent
Id: trial-consent
Title: "Consent to the trial"
Description: "A subject's consent to take part and to the use of data for this trial. Without it nothing flows; what was used before a withdrawal is kept."
* obeys no-bsn and consent-state
* extension contains $workflow-researchStudy named researchStudy 0..1
* extension[researchStudy].value[x] only Reference(TrialStudy)
* status MS
* scope = $consentscope#research
* category MS
* patient 1..1 MS
* patient only Reference(PseudonymousPatient)
* dateTime 1..1 MS
* source[x] 0..0
* policyRule MS
* provision 1..1 MS
* provision.extension contains ConsentResearchStudyContext named researchStudyContext 0..1
* provision.type 1..1 MS
* provision.period MS
* provision.purpose 1..* MS
* provision.purpose ^slicing.discriminator.type = #value
* provision.purpose ^slicing.discriminator.path = "code"
* provision.purpose ^slicing.rules = #open
* provision.purpose contains clinicalTrial 1..1 MS
* provision.purpose[clinicalTrial].system 1..1
* provision.purpose[clinicalTrial].system = $v3-ActReason
* provision.purpose[clinicalTrial].code 1..1
* provision.purpose[clinicalTrial].code = #CLINTRCH

Instance: consent-001
InstanceOf: TrialConsent
Usage: #example
Title: "Consent of subject 001"
Description: "A consent given on 1 November 2018 for this trial."
* insert ConsentOf(subject-001)
* status = #active
* dateTime = "2018-11-01"
* provision.type = #permit
* provision.period.start = "2018-11-01"

Instance: consent-withdrawn
InstanceOf: TrialConsent
Usage: #example
Title: "A consent that was withdrawn"
Description: "A consent that held until 14 January 2019."
* insert ConsentOf(subject-002)
* status = #inactive
* dateTime = "2018-11-20"
* provision.type = #permit
* provision.period.start = "2018-11-20"
* provision.period.end = "2019-01-14"

RuleSet: ConsentOf(subject)
* extension[researchStudy].valueReference = Reference(atc-anakinra1)
* scope = $consentscope#research
* category = $consentcategorycodes#research
* patient = Reference({subject})
* policyRule.text = "Wet medisch-wetenschappelijk onderzoek met mensen (WMO), the Dutch law on research with people"
* provision.extension[researchStudyContext].valueReference = Reference(atc-anakinra1)
* provision.purpose[clinicalTrial] = $v3-ActReason#CLINTRCH

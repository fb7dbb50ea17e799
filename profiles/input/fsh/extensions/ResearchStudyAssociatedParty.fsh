Extension: ResearchStudyAssociatedParty
Id: extension-ResearchStudy.associatedParty
Title: "R5: ResearchStudy.associatedParty"
Description: "Copy of shape. Sponsor, funder, ethics committee, contact and other parties to the study."
Context: ResearchStudy
* insert CrossVersion(ResearchStudy.associatedParty)
* extension contains
    name 0..1 and
    role 1..1 and
    period 0..* and
    classifier 0..* and
    party 0..1
* extension[name].value[x] only string
* extension[role].value[x] only CodeableConcept
* extension[period].value[x] only Period
* extension[classifier].value[x] only CodeableConcept
* extension[party].value[x] only Reference(Practitioner or PractitionerRole or Organization)

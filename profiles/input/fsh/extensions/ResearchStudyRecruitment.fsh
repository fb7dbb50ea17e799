Extension: ResearchStudyRecruitment
Id: extension-ResearchStudy.recruitment
Title: "R5: ResearchStudy.recruitment"
Description: "Copy of shape. How many subjects the study wants and has, and who may take part."
Context: ResearchStudy
* insert CrossVersion(ResearchStudy.recruitment)
* extension contains
    targetNumber 0..1 and
    actualNumber 0..1 and
    eligibility 0..1 and
    actualGroup 0..1
* extension[targetNumber].value[x] only unsignedInt
* extension[actualNumber].value[x] only unsignedInt
* extension[eligibility].value[x] only Reference(Group or EvidenceVariable)
* extension[actualGroup].value[x] only Reference(Group)

Extension: ResearchStudyDescriptionSummary
Id: extension-ResearchStudy.descriptionSummary
Title: "R5: ResearchStudy.descriptionSummary"
Description: "Copy of shape. A short description of the study."
Context: ResearchStudy
* insert CrossVersion(ResearchStudy.descriptionSummary)
* value[x] only markdown
* value[x] 1..1

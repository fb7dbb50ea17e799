Extension: ResearchStudyStudyDesign
Id: extension-ResearchStudy.studyDesign
Title: "R5: ResearchStudy.studyDesign"
Description: "Copy of shape. One aspect of the design of the study: kind, masking, control."
Context: ResearchStudy
* insert CrossVersion(ResearchStudy.studyDesign)
* value[x] only CodeableConcept
* value[x] 1..1

Extension: ResearchStudyObjectiveDescription
Id: extension-ResearchStudy.objective.description
Title: "R5: ResearchStudy.objective.description"
Description: "Copy of shape. The objective in full."
Context: ResearchStudy.objective
* insert CrossVersion(ResearchStudy.objective.description)
* value[x] only markdown
* value[x] 1..1

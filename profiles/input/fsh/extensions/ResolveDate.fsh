Extension: ResolveDate
Id: resolve-date
Title: "Date on which the adverse event was resolved"
Description: "Copy of shape. When the event ended."
Context: AdverseEvent
* insert Backport(resolve-date)
* value[x] only dateTime
* value[x] 1..1

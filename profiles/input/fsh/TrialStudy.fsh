Profile: TrialStudy
Parent: ResearchStudy
Id: trial-study
Title: "Trial"
Description: "The record of a trial as a register of trials gives it: who, why, what, where, since when and how many."
* title 1..1 MS

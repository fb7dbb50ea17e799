Instance: atc-anakinra1
InstanceOf: TrialStudy
Usage: #definition
Title: "ATC-Anakinra1"
* title = "Treatment with Recombinant human Interleukin 1 receptor antagonist (Anakinra) in patients with Anaplastic Thyroid Cancer: a proof of concept study"
* status = #closed-to-accrual

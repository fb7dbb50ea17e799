Instance: radboudumc
InstanceOf: Organization
Usage: #definition
Title: "Radboud Universitair Medisch Centrum"
* active = true
* name = "Radboud Universitair Medisch Centrum"
* alias = "Radboudumc"
* address.use = #work
* address.line = "Geert Grooteplein zuid 8"
* address.city = "Nijmegen"
* address.postalCode = "6525 GA"
* address.country = "NL"

Instance: radboudumc-site
InstanceOf: Location
Usage: #definition
Title: "Trial site Radboudumc"
* status = #active
* name = "Radboud Universitair Medisch Centrum"
* mode = #instance
* address.line = "Geert Grooteplein zuid 8"
* address.city = "Nijmegen"
* address.postalCode = "6525 GA"
* address.country = "NL"
* managingOrganization = Reference(radboudumc)

Instance: ministry-ocw
InstanceOf: Organization
Usage: #definition
Title: "Ministerie van OC&W"
* active = true
* name = "Ministerie van OC&W"

Instance: cmo-arnhem-nijmegen
InstanceOf: Organization
Usage: #definition
Title: "CMO regio Arnhem-Nijmegen"
* active = true
* name = "CMO regio Arnhem-Nijmegen (Nijmegen)"

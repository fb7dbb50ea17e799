#!/usr/bin/env bash
# Fetches public test data from npm (CC0) to artifacts/; tests that need them skip when they are absent.
#   hl7.fhir.r4.examples 4.0.1    official examples and definitions; the generator of the compiled definitions reads them too
#   hl7.fhir.r4.expansions 4.0.1  HL7's own expansions of value sets, to compare ours with
#   hl7.terminology.r4 7.0.1      HL7 terminology, as a large package to load
set -euo pipefail
cd "$(dirname "$0")/.."

# fetch PACKAGE VERSION FOLDER
fetch() {
  if [ -f "$3/package/package.json" ]; then
    echo "$3 is there already"
    return
  fi
  mkdir -p "$3"
  npm pack --silent --pack-destination "$3" "$1@$2"
  tar -xzf "$3/$1-$2.tgz" -C "$3"
  rm "$3/$1-$2.tgz"
  echo "unpacked to $3/package"
}

fetch hl7.fhir.r4.examples 4.0.1 artifacts/r4-examples
fetch hl7.fhir.r4.expansions 4.0.1 artifacts/packages/hl7.fhir.r4.expansions
fetch hl7.terminology.r4 7.0.1 artifacts/packages/hl7.terminology.r4

#!/usr/bin/env bash
# Fetches public test data from npm to artifacts/; tests that need them skip when they are absent.
#   hl7.fhir.r4.examples 4.0.1    official examples and definitions; the generator of the compiled definitions reads them too
#   hl7.fhir.r4.expansions 4.0.1  HL7's own expansions of value sets, to compare ours with
#   hl7.terminology.r4 7.0.1      HL7 terminology, as a large package to load
#   @microsoft/jest-sarif         the JSON schema of SARIF 2.1.0, which a report of the command has to fit
#   language-subtag-registry      IANA's registry of languages, which our table has to be
# jest-sarif is MIT, the others are CC0.
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
  local packed
  packed="$3/$(tr / - <<<"${1#@}")-$2.tgz"
  tar -xzf "$packed" -C "$3"
  rm "$packed"
  echo "unpacked to $3/package"
}

fetch hl7.fhir.r4.examples 4.0.1 artifacts/r4-examples
fetch hl7.fhir.r4.expansions 4.0.1 artifacts/packages/hl7.fhir.r4.expansions
fetch hl7.terminology.r4 7.0.1 artifacts/packages/hl7.terminology.r4
fetch @microsoft/jest-sarif 1.0.0-beta.0 artifacts/packages/jest-sarif
fetch language-subtag-registry 0.4.2 artifacts/packages/language-subtag-registry

#!/usr/bin/env bash
# Fetches the official R4 examples and definitions (npm hl7.fhir.r4.examples 4.0.1, CC0) to artifacts/r4-examples/package.
# Tests that need them skip when they are absent; the generator of the compiled definitions reads them too.
set -euo pipefail
cd "$(dirname "$0")/.."
target=artifacts/r4-examples
if [ -f "$target/package/Bundle-resources.json" ]; then
  echo "$target is there already"
  exit 0
fi
mkdir -p "$target"
npm pack --silent --pack-destination "$target" hl7.fhir.r4.examples@4.0.1
tar -xzf "$target"/hl7.fhir.r4.examples-4.0.1.tgz -C "$target"
rm "$target"/hl7.fhir.r4.examples-4.0.1.tgz
echo "unpacked to $target/package"

#!/usr/bin/env bash
# Makes what the end-to-end tests need: the published server and command, and the FHIR server and client that we did not write (npm).
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet publish src/AtcFhir.Server -c Release -o artifacts/server -v quiet -nologo
dotnet publish src/AtcFhir.Cli -c Release -o artifacts/cli -v quiet -nologo
if command -v npm >/dev/null; then
  (cd tests/AtcFhir.EndToEnd/hospital && npm install --silent)
else
  echo "prepare: no npm; the tests that need a foreign hospital or client will be skipped" >&2
fi

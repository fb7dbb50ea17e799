#!/usr/bin/env bash
# Makes what the end-to-end tests need: the published server and command, and the FHIR server and client that we did not write (npm).
set -euo pipefail
cd "$(dirname "$0")/../.."
# ReadyToRun: the code comes compiled, so that the first answer does not wait for the JIT.
publish() { dotnet publish "src/$1" -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "artifacts/$2" -v quiet -nologo; }
publish AtcFhir.Server server
publish AtcFhir.Cli cli
if command -v npm >/dev/null; then
  (cd tests/AtcFhir.EndToEnd/hospital && npm install --silent)
else
  echo "prepare: no npm; the tests that need a foreign hospital or client will be skipped" >&2
fi

#!/usr/bin/env bash
# Compiles input/fsh to package/ with SUSHI.        build.sh [--check]
#   --check   compile to artifacts/ and compare with the committed package/ (exit 1 when they differ);
#             without npm it says so and succeeds, because then nothing can be compiled.
# Needs Node 20 and npm. Modules and the FHIR cache go to artifacts/fsh (not committed); they come from npm only:
# hl7.fhir.r4.core is not on npm, so its cache folder is laid out from the definition bundles of hl7.fhir.r4.examples.
set -euo pipefail

profiles=$(cd "$(dirname "$0")" && pwd)
work=$profiles/../artifacts/fsh
sushi=3.21.0
core=4.0.1
check=${1:-}

if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  [ "$check" = --check ] && { echo "build.sh: notice: npm is absent, package/ was not compared with input/fsh"; exit 0; }
  echo "build.sh: Node 20 and npm are needed to compile input/fsh" >&2
  exit 2
fi

mkdir -p "$work"
[ -f "$work/package.json" ] || echo '{"private":true}' >"$work/package.json"
if ! npm --prefix "$work" ls "fsh-sushi@$sushi" "hl7.fhir.r4.examples@$core" >/dev/null 2>&1; then
  if ! npm --prefix "$work" install --no-audit --no-fund --silent --save-exact "fsh-sushi@$sushi" "hl7.fhir.r4.examples@$core"; then
    [ "$check" = --check ] && { echo "build.sh: notice: npm could not install SUSHI, package/ was not compared with input/fsh"; exit 0; }
    exit 2
  fi
fi

node "$profiles/build/lay-out-core.mjs" "$work/node_modules/hl7.fhir.r4.examples" "$work/home/.fhir/packages/hl7.fhir.r4.core#$core"

# SUSHI reads its cache under HOME, and writes fsh-generated beside its input: it works on a copy.
rm -rf "$work/ig" "$work/package"
mkdir -p "$work/ig"
cp -R "$profiles/sushi-config.yaml" "$profiles/input" "$work/ig/"
HOME="$work/home" node "$work/node_modules/fsh-sushi/dist/app.js" build -s "$work/ig" >"$work/sushi.log" 2>&1 || { cat "$work/sushi.log" >&2; exit 1; }
grep -E '^(error|warn) ' "$work/sushi.log" | grep -v -e 'automatically-provided' -e 'No "menu"' -e copyrightYear -e releaseLabel || true

node "$profiles/build/write-package.mjs" "$work/ig" "$work/package"

if [ "$check" = --check ]; then
  diff -r "$profiles/package" "$work/package" || { echo "build.sh: package/ is not what input/fsh compiles to; run profiles/build.sh" >&2; exit 1; }
  echo "build.sh: package/ is what input/fsh compiles to"
else
  rm -rf "$profiles/package"
  cp -R "$work/package" "$profiles/package"
  echo "build.sh: wrote $(find "$profiles/package" -name '*.json' | wc -l) files to package/"
fi

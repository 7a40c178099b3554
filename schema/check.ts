/**
 * The gate of the schema. `npm run schema:check [-- manifest.json …]` compares what is served with schema/released.graphql,
 * and exits 1 if that breaks a promise, a known document, or leaves CHANGELOG-SCHEMA.md out of date; `npm run
 * schema:changes` writes that file; `npm run schema:release` makes what is served the promise of the version in package.json.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { documentManifest } from '../src/cli/call-trace/documents.js';
import { readSdl } from '../src/graphql/sdl.js';
import { withRelease, withUnreleased } from './gate/changelog.js';
import { readKnownDocuments, readManifest } from './gate/documents.js';
import { judge, type AcceptedChange } from './gate/gate.js';
import { printPromise } from './gate/promise.js';

const root = new URL('..', import.meta.url);
const file = (path: string): URL => new URL(path, root);
const read = (path: string): string => (existsSync(file(path)) ? readFileSync(file(path), 'utf8') : '');
const RELEASED = 'schema/released.graphql';
const CHANGELOG = 'CHANGELOG-SCHEMA.md';
const ACCEPTED = 'schema/accepted-changes.json';

const [mode = '--check', ...manifests] = process.argv.slice(2);
const ofCallTrace = Object.entries(documentManifest()).map(([id, text]) => ({ name: `call-trace (${id})`, text }));
const today = new Date().toISOString().slice(0, 10);
const served = printPromise(readSdl());
const released = read(RELEASED);
const { changes, refusals, warnings } = await judge({
  released: released === '' ? served : released,
  served,
  documents: [...readKnownDocuments(root), ...ofCallTrace, ...manifests.flatMap(readManifest)],
  accepted: JSON.parse(read(ACCEPTED) || '[]') as readonly AcceptedChange[],
  today,
});
const changelog = withUnreleased(read(CHANGELOG), changes);
for (const warning of warnings) console.warn(`Warning: ${warning}`);
for (const refusal of refusals) console.error(refusal);
if (refusals.length > 0) process.exitCode = 1;

if (mode === '--changes') {
  writeFileSync(file(CHANGELOG), changelog);
} else if (mode === '--release' && refusals.length === 0) {
  const { version } = JSON.parse(read('package.json')) as { readonly version: string };
  const all = released === '' ? null : changes;
  writeFileSync(file(CHANGELOG), withRelease(read(CHANGELOG), { version, today, changes: all }));
  writeFileSync(file(RELEASED), served);
  writeFileSync(file(ACCEPTED), '[]\n');
} else if (mode === '--check' && released === '') {
  console.error(`${RELEASED} is missing: \`npm run schema:release\` writes it.`);
  process.exitCode = 1;
} else if (mode === '--check' && read(CHANGELOG) !== changelog) {
  console.error(`${CHANGELOG} is out of date: run \`npm run schema:changes\` and commit the result.`);
  process.exitCode = 1;
}

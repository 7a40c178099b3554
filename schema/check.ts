/**
 * The gate of the schema. `npm run schema:check [-- manifest.json …]` compares what is served with schema/released.graphql,
 * and exits 1 if that breaks a promise, a known document, or leaves CHANGELOG-SCHEMA.md out of date; `npm run
 * schema:changes` writes that file; `npm run schema:release` makes what is served the promise of the version in package.json: the first one where neither file is there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { documentManifest } from '../src/cli/call-trace/documents.js';
import { readSdl } from '../src/graphql/sdl.js';
import { hasReleases, isPromiseOf, withRelease, withUnreleased } from './gate/changelog.js';
import { readKnownDocuments, readManifest } from './gate/documents.js';
import { judge, type AcceptedChange } from './gate/gate.js';
import { printPromise } from './gate/promise.js';

const root = new URL('..', import.meta.url);
const file = (path: string): URL => new URL(path, root);
const read = (path: string): string => (existsSync(file(path)) ? readFileSync(file(path), 'utf8') : '');
const RELEASED = 'schema/released.graphql';
const CHANGELOG = 'CHANGELOG-SCHEMA.md';
const ACCEPTED = 'schema/accepted-changes.json';

/** Says what is wrong, and makes the run fail. */
function complain(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

async function run([mode = '--check', ...manifests]: readonly string[]): Promise<void> {
  const ofCallTrace = Object.entries(documentManifest()).map(([id, text]) => ({ name: `call-trace (${id})`, text }));
  const today = new Date().toISOString().slice(0, 10);
  const served = printPromise(readSdl());
  const released = read(RELEASED);
  const before = read(CHANGELOG);
  if (released !== '' && !isPromiseOf(before, released))
    complain(`${RELEASED} is not what ${CHANGELOG} says was released: both are written by this tool alone.`);
  if (released === '' && hasReleases(before))
    complain(`${RELEASED} is missing, and ${CHANGELOG} has releases: restore it.`);
  const { changes, refusals, warnings } = await judge({
    released: released === '' ? served : released,
    served,
    documents: [...readKnownDocuments(root), ...ofCallTrace, ...manifests.flatMap(readManifest)],
    accepted: readAccepted(),
    today,
  });
  for (const warning of warnings) console.warn(`Warning: ${warning}`);
  refusals.forEach(complain);

  const changelog = withUnreleased(before, changes);
  const isRefused = process.exitCode === 1;
  if (mode === '--changes') {
    writeFileSync(file(CHANGELOG), changelog);
  } else if (mode === '--release') {
    if (isRefused) return;
    const { version } = JSON.parse(read('package.json')) as { readonly version: string };
    const release = { version, today, changes: released === '' ? null : changes, promise: served };
    writeFileSync(file(CHANGELOG), withRelease(before, release));
    writeFileSync(file(RELEASED), served);
    writeFileSync(file(ACCEPTED), '[]\n');
  } else if (released === '' && !hasReleases(before)) {
    complain(`${RELEASED} is missing: \`npm run schema:release\` writes it.`);
  } else if (before !== changelog) {
    complain(`${CHANGELOG} is out of date: run \`npm run schema:changes\` and commit the result.`);
  }
}

function readAccepted(): readonly AcceptedChange[] {
  try {
    return JSON.parse(read(ACCEPTED) || '[]') as readonly AcceptedChange[];
  } catch (error) {
    throw new Error(`${ACCEPTED}: ${(error as Error).message}`, { cause: error });
  }
}

await run(process.argv.slice(2)).catch((error: unknown) => complain((error as Error).message));

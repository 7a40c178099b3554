import { existsSync, readFileSync } from 'node:fs';
import { unlistedLicences, type LockFile } from './licences.js';

/** `npm run licenses`: exit 1, naming each, if anything that runs in production is under a licence that is not on the list. */
const readJson = (path: string): object => JSON.parse(readFileSync(path, 'utf8')) as object;
const lock = readJson('package-lock.json') as LockFile;
const unlisted = unlistedLicences(lock, (place) => {
  const path = `${place}/package.json`;
  return existsSync(path) ? readJson(path) : undefined;
});
if (unlisted.length > 0) {
  console.error(`Not on the list of supply/licences.ts:\n${unlisted.map((line) => `  ${line}`).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log('All that runs in production is under a licence on the list.');
}

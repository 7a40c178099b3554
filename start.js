/**
 * `npm start`: runs what `npm run build` has put into dist/, in this process, with the variables of .env in the working
 * directory, if there is one. A variable of the environment comes before its namesake in .env.
 */
import { existsSync } from 'node:fs';

const problem = readEnvFile() ?? missingBuild();
if (problem === null) await import('./dist/main.js');
else {
  console.error(problem);
  process.exitCode = 1;
}

function readEnvFile() {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    if (error.code !== 'ENOENT') return `.env cannot be read (${error.code ?? error.message}).`;
  }
  return null;
}

function missingBuild() {
  if (existsSync(new URL('dist/main.js', import.meta.url))) return null;
  return 'There is nothing to start, for dist/ is missing: make it with `npm ci && npm run build`, or copy it from where it was made.';
}

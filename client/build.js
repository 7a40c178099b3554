/** Builds the package into client/dist/, as `npm pack` in this folder does by itself: modules, types, and the licence beside them. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
rmSync(`${folder}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '--project', folder], { stdio: 'inherit' });
copyFileSync(`${folder}../LICENSE`, `${folder}LICENSE`);

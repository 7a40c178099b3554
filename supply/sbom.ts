/**
 * `npm run sbom`: writes sbom.json (CycloneDX), the list of what runs in production. npm makes it of a lock file without
 * what only development needs: with `npm sbom --omit=dev` it leaves out each package that development needs too.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly name: string };
const parent = mkdtempSync(join(tmpdir(), 'sbom-'));
try {
  // The list bears the name of its folder.
  const folder = join(parent, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, devDependencies: {} }));
  for (const file of ['package-lock.json', '.npmrc']) copyFileSync(file, join(folder, file));
  const npm = (...args: readonly string[]): string => execFileSync('npm', args, { cwd: folder, encoding: 'utf8' });
  npm('install', '--package-lock-only', '--ignore-scripts', '--loglevel=error');
  writeFileSync('sbom.json', npm('sbom', '--package-lock-only', '--sbom-format=cyclonedx'));
} finally {
  rmSync(parent, { recursive: true });
}

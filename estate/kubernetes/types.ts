import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from './manifests.js';
import { pathOf, run } from './tools.js';

/** Modules of kubernetes-types, by API version. Custom resources are not in it. */
const MODULES: Readonly<Record<string, string>> = {
  'apps/v1': 'apps/v1',
  'autoscaling/v2': 'autoscaling/v2',
  'networking.k8s.io/v1': 'networking/v1',
  'policy/v1': 'policy/v1',
  v1: 'core/v1',
};

/**
 * Returns what the compiler says against manifests, each a literal of its type in kubernetes-types: a value of a wrong type, a
 * field that is missing or that there is not. Empty if there is nothing to say.
 */
export function typeErrors(manifests: readonly Manifest[]): string {
  const folder = mkdtempSync(pathOf('../.cache/types-'));
  try {
    const file = join(folder, 'manifests.ts');
    writeFileSync(file, manifests.map(literal).join('\n'));
    const options = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
    return run(process.execPath, ['node_modules/typescript/bin/tsc', '--ignoreConfig', ...options, file]).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function literal(manifest: Manifest, index: number): string {
  const { apiVersion, kind } = manifest;
  const module = MODULES[apiVersion];
  if (module === undefined) return '';
  return `export const m${index}: import('kubernetes-types/${module}').${kind} = ${JSON.stringify(manifest, null, 1)};`;
}

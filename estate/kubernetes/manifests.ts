import { readdirSync, writeFileSync, readFileSync, existsSync } from 'node:fs';
import { output, pathOf, type Tools } from './tools.js';

/** The chart. */
export const CHART = 'deploy/helm/call-trace-gateway';

/** The value sets in the chart's folder ci/, by name. */
export const VALUE_SETS = readdirSync(`${CHART}/ci`).map((file) => file.replace('-values.yaml', ''));

/** A resource of Kubernetes, as far as the policies look at it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/** A manifest, and what kubernetes-models says against it. */
export interface Checked {
  readonly manifest: Manifest;
  readonly problems: readonly string[];
}

/** Returns what a version of Helm makes of a value set, as text. */
export function render(tools: Tools, helm: 'helm3' | 'helm4', values: string, ...options: readonly string[]): string {
  return output(tools[helm], [
    'template',
    'gateway',
    CHART,
    '--values',
    `${CHART}/ci/${values}-values.yaml`,
    ...options,
  ]);
}

/** Reads texts of YAML as Kubernetes does; for each its documents. */
export function readManifests(texts: readonly string[]): readonly (readonly Checked[])[] {
  return JSON.parse(output(process.execPath, [pathOf('read-manifests.mjs')], JSON.stringify(texts))) as Checked[][];
}

/** Returns the documents of a text of YAML, each with its `---` before it. */
export function documentsOf(yaml: string): string[] {
  return yaml.split(/^(?=---$)/m).filter((text) => text.trim() !== '');
}

/** Returns the text that is committed; first writes it with `npm run estate -- --update`. Empty if there is none. */
export function committed(path: string, text: string): string {
  if (process.env['ESTATE_UPDATE'] === 'true') writeFileSync(path, text);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

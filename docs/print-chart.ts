/**
 * Writes what the Helm chart repeats of other files: its version, the settings that `settings` may have, the table of values
 * in its README, the alerts and the dashboard. Run by `npm run codegen`. With --check it writes nothing and exits 1 if a file
 * is not what it would write.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SECRETS, SETTINGS } from '../src/config/settings.js';
import { describedValues } from './chart-values.js';

const root = new URL('..', import.meta.url);
const CHART = 'deploy/helm/call-trace-gateway';
/** Files that the chart serves as they are: it can read none outside its folder, and `helm package` follows no links. */
const COPIES = [
  ['deploy/prometheus/alerts.yml', 'files/alerts.yml'],
  ['deploy/grafana/call-trace-gateway.json', 'files/dashboard.json'],
] as const;
/** Settings that no value sets and `settings` may not have: one has a list in its place, with the next no probe arrives, the last opens every door. */
const NOT_OFFERED = ['CMS_BASE_URL', 'HOST', 'NODE_ENV'];

const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8');

/** The names of the settings that no value of the chart sets, and that are no secrets. */
function freeSettings(): string[] {
  const templates = ['_environment.tpl', '_files.tpl'].map((name) => textOf(`${CHART}/templates/${name}`)).join('');
  const taken = new Set<string>([...(templates.match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []), ...NOT_OFFERED, ...SECRETS]);
  return Object.keys(SETTINGS.shape).filter((name) => !taken.has(name));
}

function chartFile(text: string): string {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  return text.replace(/^(version|appVersion): .*$/gm, `$1: ${version}`);
}

function schema(text: string): string {
  const json = JSON.parse(text) as { properties: { settings: { propertyNames: { enum: string[] } } } };
  json.properties.settings.propertyNames.enum = freeSettings();
  return `${JSON.stringify(json, null, 2)}\n`;
}

function readme(text: string): string {
  const rows = describedValues(textOf(`${CHART}/values.yaml`)).map(
    ({ name, byDefault, description }) => `| \`${name}\` | \`${byDefault}\` | ${description} |`,
  );
  const table = `| value | default | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
  return text.replace(/(?<=<!-- values: [^>]*-->\n\n)[^]*?(?=\n## |$)/, () => table);
}

const written: [name: string, text: string][] = [
  ...COPIES.filter(([source]) => existsSync(new URL(source, root))).map(([source, copy]): [string, string] => [
    copy,
    textOf(source),
  ]),
  ['Chart.yaml', chartFile(textOf(`${CHART}/Chart.yaml`))],
  ['values.schema.json', schema(textOf(`${CHART}/values.schema.json`))],
  ['README.md', readme(textOf(`${CHART}/README.md`))],
];
for (const [name, text] of written) {
  const file = new URL(`${CHART}/${name}`, root);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${CHART}/${name} is out of date: run \`npm run codegen\` and commit the result.`);
    process.exitCode = 1;
  }
}

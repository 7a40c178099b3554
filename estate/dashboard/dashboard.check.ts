import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DASHBOARD_FILE, inPrometheus, queriesOf, readDashboard } from '../../test/observability/support/dashboard.js';
import { startProduction, type Production } from '../federation/production.js';
import { UNUSED } from './unused.js';

const DASHBOARD = readDashboard();
const RULES = readFileSync('deploy/prometheus/alerts.yml', 'utf8');

/** Runs a program of this folder, and returns what it printed; throws what it complained of. */
function run(program: string, args: readonly string[], input = ''): string {
  const path = new URL(program, import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** The names of the metrics in each expression; null: it is no PromQL. */
function namesIn(expressions: readonly string[]): (readonly string[] | null)[] {
  return JSON.parse(run('names.mjs', [], JSON.stringify(expressions))) as (string[] | null)[];
}

/** The expressions of the rules: what follows `expr:` on its line, or indented below it. */
function expressionsOf(rules: string): readonly string[] {
  const found = rules.matchAll(/^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/gm);
  return [...found].map(([, block, line]) => block ?? line ?? '');
}

describe(DASHBOARD_FILE, () => {
  let production: Production;
  /** The families that a gateway with all its parts serves. */
  let served: readonly string[];
  /** The family of a series: histograms have several. */
  const familyOf = (name: string): string => (served.includes(name) ? name : name.replace(/_(count|sum|bucket)$/, ''));
  beforeAll(async () => {
    production = await startProduction({ REDIS_URL: 'redis://127.0.0.1:1' });
    const text = await (await fetch(new URL('/metrics', production.url))).text();
    served = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);
  });
  afterAll(() => production.close());

  it('is what its source makes: after a change, `npm run estate -- --update` writes it', () => {
    const update = process.env['ESTATE_UPDATE'] === 'true';
    expect(() => run('print.mjs', update ? [] : ['--check'])).not.toThrow();
  });

  it('asks for metrics that a gateway serves, or that the rules record', () => {
    const queries = [
      ...queriesOf(DASHBOARD, '1m'),
      ...DASHBOARD.annotations.list.map(({ expr }) => ({ panel: 'annotation', expression: inPrometheus(expr, '1m') })),
    ];
    const recorded = [...RULES.matchAll(/^ {6}- record: (\S+)$/gm)].map(([, name]) => name);
    const names = namesIn(queries.map(({ expression }) => expression));
    const wrong = queries.flatMap(({ panel, expression }, index) => {
      const unknown = names[index]?.filter((name) => !served.includes(familyOf(name)) && !recorded.includes(name));
      return unknown?.length === 0 ? [] : [{ panel, expression, unknown }];
    });
    expect(wrong).toEqual([]);
  });

  it('shows, together with the alerts, each family that a gateway serves, but those of unused.ts', () => {
    const expressions = [...queriesOf(DASHBOARD, '1m').map(({ expression }) => expression), ...expressionsOf(RULES)];
    const used = namesIn(expressions).flatMap((names) => (names ?? []).map(familyOf));
    expect(served.filter((name) => !used.includes(name)).sort()).toEqual(Object.keys(UNUSED).sort());
  });
});

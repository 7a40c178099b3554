import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { alertsOf, mutantsOf } from './support/alerts.js';
import { headingsOf } from './support/headings.js';

const FOLDER = 'deploy/prometheus';
const RULES = readFileSync(`${FOLDER}/alerts.yml`, 'utf8');
const TEST_FILES = ['alerts.test.yml', 'objectives.test.yml'];
const OPERATIONS = readFileSync('docs/operations.md', 'utf8');
const ALERTS = alertsOf(RULES);

const scratch = mkdtempSync(join(tmpdir(), 'alerts-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs promtool, and returns its exit code and all that it printed. */
function promtool(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.env['TEST_PROMTOOL'] ?? 'promtool', args, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

/** Writes one alert of these rules, and its cases; returns the paths of the files with cases. */
function writeCases(alert: string, rules: string): string[] {
  const others = alertsOf(rules).filter(({ name }) => name !== alert);
  const own = others.reduce((rest, { text }) => rest.replace(text, () => ''), rules);
  writeFileSync(join(scratch, 'alerts.yml'), own);
  return TEST_FILES.flatMap((file) => {
    const [head = '', ...cases] = readFileSync(join(FOLDER, file), 'utf8').split(/(?=^ {2}- name: )/m);
    const ownCases = cases.filter((text) => text.startsWith(`  - name: '${alert}: `));
    const path = join(scratch, file);
    writeFileSync(path, head + ownCases.join(''));
    return ownCases.length > 0 ? [path] : [];
  });
}

describe('deploy/prometheus/alerts.yml', () => {
  it('is as promtool wants it, and passes its tests', async () => {
    expect(await promtool('check', 'rules', `${FOLDER}/alerts.yml`)).toMatchObject({ code: 0 });
    for (const file of TEST_FILES)
      expect(await promtool('test', 'rules', `${FOLDER}/${file}`)).toMatchObject({ code: 0 });
  }, 180_000);

  it('is named by the configuration of Prometheus in docs/operations.md, which is right', async () => {
    const [, configuration = ''] = /```yaml\n(global: [^]*?)```/.exec(OPERATIONS) ?? [];
    writeFileSync(join(scratch, 'prometheus.yml'), configuration);
    const [, rules = ''] = /^rule_files: \[(.+)\]$/m.exec(configuration) ?? [];
    writeFileSync(join(scratch, rules), RULES);
    const { code, output } = await promtool('check', 'config', join(scratch, 'prometheus.yml'));
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('1 rule files found') as unknown });
  });

  it.each(ALERTS)('$name tells how urgent it is, what it means, and where to read on', ({ text }) => {
    expect(text).toMatch(/^ {8}labels: \{ severity: (page|ticket) \}$/m);
    expect(text).toMatch(/^ {10}summary: '\S.*'$/m);
    expect(text).toMatch(/^ {10}description: '\S.*'$/m);
    const [, anchor] = /^ {10}runbook_url: https:\/\/\S+\/docs\/operations\.md#(\S+)$/m.exec(text) ?? [];
    expect(headingsOf(OPERATIONS)).toContain(anchor);
  });

  it('has the alerts of docs/operations.md, with their severity, summary and heading', () => {
    const rows = [...OPERATIONS.matchAll(/^\| `(CallTrace\w+)` \| (\w+) \| (.*?) \| \[.*?\]\(#(.*?)\) \|$/gm)];
    const told = rows.map(([, name, severity, summary, anchor]) => ({ name, severity, summary, anchor }));
    expect(told).toEqual(ALERTS.map(({ name, severity, summary, anchor }) => ({ name, severity, summary, anchor })));
  });

  // A limit that is moved by half or doubled must be noticed by the alert's own cases; so must a pause.
  it.each(ALERTS.flatMap((alert) => mutantsOf(alert).map((mutant) => ({ name: alert.name, ...mutant }))))(
    '$name: its cases notice $change',
    async ({ name, rules }) => {
      const { code, output } = await promtool('test', 'rules', ...writeCases(name, rules(RULES)));
      expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('got:') as unknown });
    },
    60_000,
  );
});

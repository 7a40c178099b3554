import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../cache/redis/support/eventually.js';
import { startProgram } from '../../support/program.js';
import { freePort } from '../../support/free-port.js';

/** A Prometheus that scrapes and evaluates once a second. */
export interface Prometheus {
  /** The alerts that fire, with their labels. */
  firing(): Promise<readonly Readonly<Record<string, string>>[]>;
  /** The value of each series that an expression returns. */
  query(expression: string): Promise<readonly number[]>;
  /** What is wrong with its rules, by their names. */
  brokenRules(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Starts a Prometheus with these rules and targets (`host:port`), of the job `gateways`; fulfils once it answers. */
export async function startPrometheus(rules: string, targets: readonly string[]): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  writeFileSync(join(folder, 'rules.yml'), rules);
  // JSON is YAML.
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yml'],
    scrape_configs: [{ job_name: 'gateways', static_configs: [{ targets }] }],
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const program = startProgram(process.env['TEST_PROMETHEUS'] ?? 'prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const get = async (path: string): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}${path}`)).json();
  const close = async (): Promise<void> => {
    program.kill();
    await program.ended;
    rmSync(folder, { recursive: true });
  };
  const isReady = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually('Prometheus is ready', isReady, 60_000).catch(async (error: unknown) => {
    await close();
    throw new Error(program.stderr(), { cause: error });
  });
  return {
    async firing() {
      const { data } = (await get('/api/v1/alerts')) as AlertsReply;
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels);
    },
    async query(expression) {
      const { data } = (await get(`/api/v1/query?query=${encodeURIComponent(expression)}`)) as QueryReply;
      return data.result.map(({ value: [, value] }) => Number(value));
    },
    async brokenRules() {
      const { data } = (await get('/api/v1/rules')) as RulesReply;
      return data.groups.flatMap(({ rules: all }) => all).flatMap((one) => (one.health === 'ok' ? [] : [one.name]));
    },
    close,
  };
}

interface AlertsReply {
  readonly data: {
    readonly alerts: readonly { readonly state: string; readonly labels: Readonly<Record<string, string>> }[];
  };
}

interface QueryReply {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

interface RulesReply {
  readonly data: {
    readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly health: string }[] }[];
  };
}

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiKey } from '../../src/access/new-api-key.js';
import type { Simulator } from '../../simulator/simulator.js';
import { eventually } from '../cache/redis/support/eventually.js';
import { newCallId } from '../support/gateway.js';
import { createEstate, type EstateGateway } from '../upstream/support/estate.js';
import { queriesOf, readDashboard } from './support/dashboard.js';
import { startPrometheus, type Prometheus } from './support/prometheus.js';

const RULES = readFileSync('deploy/prometheus/alerts.yml', 'utf8');

/** What a busy machine may take for one step. Unit: ms. */
const STEP_MS = 120_000;

/** Rules in which an hour is a minute: windows and pauses are 60 times as short. */
function hurried(rules: string): string {
  const seconds = { m: 1, h: 60, d: 1440 };
  const shorten = (_: string, before: string, amount: string, unit: string): string =>
    `${before}${Number(amount) * seconds[unit as keyof typeof seconds]}s`;
  return rules.replace(/(\[|for: )(\d+)([mhd])/g, shorten);
}

/** Metrics of ours that no rule uses, since they explain an alert and raise none. */
const UNUSED = [
  'calltrace_operations_total', // by name: which client asks
  'calltrace_fast_path_requests_total',
  'calltrace_upstream_attempt_duration_seconds',
  'calltrace_upstream_in_flight',
  'calltrace_upstream_in_flight_limit',
  'calltrace_upstream_queue_limit', // a full queue fails operations
  'calltrace_upstream_queue_wait_seconds',
  'calltrace_single_flight_joins_total',
  'calltrace_lease_waits_total',
  'calltrace_redis_command_duration_seconds',
  'calltrace_memory_cache_bytes', // at its limit is where it should be
  'calltrace_audit_events_lost_total', // after `calltrace_audit_writable`
];

describe('a Prometheus with deploy/prometheus/alerts.yml', () => {
  const estate = createEstate();
  let centres: readonly [Simulator, Simulator];
  let gateways: readonly [EstateGateway, EstateGateway];
  let prometheus: Prometheus;
  const instanceOf = ({ url }: EstateGateway): string => new URL(url).host;

  beforeAll(async () => {
    centres = [await estate.startCentre(), await estate.startCentre()];
    gateways = [await estate.openGateway(centres[0]), await estate.openGateway(centres[1])];
    const whole = await openWithAllParts(await estate.startCentre());
    prometheus = await startPrometheus(hurried(RULES), [...gateways, whole].map(instanceOf));
    await eventually('all are scraped', async () => (await prometheus.query('up == 1')).length === 3, STEP_MS);
  }, STEP_MS);
  afterAll(async () => {
    await prometheus.close();
    await estate.close();
  });

  /** A gateway with each part that has metrics: keys of callers, and a Redis, which is away. */
  function openWithAllParts(centre: Simulator): Promise<EstateGateway> {
    const { entry } = createApiKey({ name: 'dashboard', vdns: '1/170' }, Date.now);
    return estate.openGateway(centre, {
      env: { AUTH_MODE: 'api-key', API_KEYS_FILE: 'api-keys.json', REDIS_URL: 'redis://127.0.0.1:1' },
      readFile: () => JSON.stringify([entry]),
    });
  }

  /** Fulfils once this alert fires, or no longer does, for a gateway; undefined: for any. Meanwhile `work` is repeated. */
  async function until(
    alertname: string,
    fires: boolean,
    instance?: string,
    work: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const isThere = async (): Promise<boolean> => {
      await work();
      const firing = await prometheus.firing();
      return firing.some((one) => one['alertname'] === alertname && (!instance || one['instance'] === instance));
    };
    await eventually(`${alertname} ${fires ? 'fires' : 'ends'}`, async () => (await isThere()) === fires, STEP_MS);
  }

  it(
    'understands all rules',
    async () => {
      await eventually('all were evaluated', async () => (await prometheus.brokenRules()).length === 0, STEP_MS);
    },
    STEP_MS,
  );

  it(
    'tells of refused signatures, of one gateway only, until they are accepted',
    async () => {
      const [refused, well] = gateways;
      await refused.calls([newCallId()]);
      centres[0].configure({ fault: 'http-401' });
      await refused.calls([newCallId()]);
      await until('CallTraceSignaturesRefused', true, instanceOf(refused));
      const instances = (await prometheus.firing())
        .filter(({ alertname }) => alertname === 'CallTraceSignaturesRefused')
        .map(({ instance }) => instance);
      expect(instances).not.toContain(instanceOf(well));
      centres[0].configure({ fault: null });
      await until('CallTraceSignaturesRefused', false, instanceOf(refused));
    },
    STEP_MS,
  );

  it(
    'tells of failing operations and of the address that causes them, until it answers again',
    async () => {
      const [, gateway] = gateways;
      const ask = (): Promise<unknown> => gateway.calls([newCallId()]);
      centres[1].configure({ fault: 'http-503' });
      await until('CallTraceFailing', true, undefined, ask);
      await until('CallTraceAllAddressesDown', true, instanceOf(gateway), ask);
      await until('CallTraceAddressDown', true, instanceOf(gateway), ask);
      centres[1].configure({ fault: null });
      await until('CallTraceAllAddressesDown', false, instanceOf(gateway), ask);
      await until('CallTraceAddressDown', false, instanceOf(gateway), ask);
      await until('CallTraceFailing', false, undefined, ask);
    },
    3 * STEP_MS,
  );

  it(
    'answers each query of the dashboard, while requests fail and are refused',
    async () => {
      const [, gateway] = gateways;
      centres[1].configure({ fault: 'http-503' });
      let unanswered: readonly string[] = [];
      const areAnswered = async (): Promise<boolean> => {
        await gateway.calls([newCallId()]);
        await fetch(`${gateway.url}/nowhere`);
        const queries = queriesOf(readDashboard(), '1m');
        const replies = await Promise.all(queries.map(({ expression }) => prometheus.query(expression)));
        unanswered = queries.flatMap(({ panel }, index) => (replies[index]?.length === 0 ? [panel] : []));
        return unanswered.length === 0;
      };
      await eventually('all are answered', areAnswered, STEP_MS).catch((cause: unknown) => {
        throw new Error(`without an answer: ${unanswered.join(', ')}`, { cause });
      });
      centres[1].configure({ fault: null });
    },
    2 * STEP_MS,
  );

  it('has every metric that the rules name, and a rule for every metric of ours but those that only explain', async () => {
    const gateway = await openWithAllParts(centres[0]);
    const served = [...(await gateway.metrics()).matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);
    const expressions = RULES.replace(/^ *(#|summary|description|runbook_url).*$/gm, '');
    const named = [...expressions.matchAll(/\b(?:calltrace|nodejs|process)_\w+/g)].map(([name]) =>
      served.includes(name) ? name : name.replace(/_(count|sum|bucket)$/, ''),
    );
    expect([...new Set(named)].filter((name) => !served.includes(name))).toEqual([]);
    const unused = served.filter((name) => name.startsWith('calltrace_') && !named.includes(name));
    expect(unused.sort()).toEqual([...UNUSED].sort());
  });
});

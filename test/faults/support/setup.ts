import pino from 'pino';
import type { Clock } from '../../../src/call/clock.js';
import { loadConfig } from '../../../src/config/config.js';
import { startGateway } from '../../../src/gateway.js';
import { postOperation, type Reply } from '../../support/client.js';
import { environmentFor } from '../../support/gateway.js';
import { eventually } from '../../cache/redis/support/eventually.js';
import { startScriptedCentre, type CentreOptions, type ScriptedCentre } from './scripted-centre.js';

/** A whole gateway in this process. */
export interface ScriptedGateway {
  /** What it has logged, one line of JSON each. */
  readonly logLines: readonly string[];
  query(document: string): Promise<Reply>;
  /** The text of its metrics. */
  metrics(): Promise<string>;
}

/** Gateways and contact centres of one test file, all on one clock. */
export interface Setup {
  startCentre(options?: CentreOptions): Promise<ScriptedCentre>;
  /** Starts a gateway in front of a contact centre. A failing request is not repeated unless the settings say otherwise. */
  startGateway(
    centre: Pick<ScriptedCentre, 'url'>,
    settings?: Readonly<Record<string, string>>,
  ): Promise<ScriptedGateway>;
  /** Closes all that was started. */
  close(): Promise<void>;
}

/** The clocks of this machine. */
const REAL_CLOCK: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };

/** Returns a setup in which nothing runs yet. */
export function createSetup(clock = REAL_CLOCK): Setup {
  const open: { close(): Promise<void> }[] = [];
  return {
    async startCentre(options) {
      const centre = await startScriptedCentre(clock, options);
      open.push(centre);
      return centre;
    },
    async startGateway(centre, settings = {}) {
      const environment = { ...environmentFor(centre), LOG_LEVEL: 'trace', CMS_MAX_RETRIES: '0', ...settings };
      const config = loadConfig(environment, noFiles, clock.wall);
      const logLines: string[] = [];
      const log = pino({ level: config.logLevel }, { write: (line: string) => void logLines.push(line) });
      const gateway = await startGateway(config, log, clock);
      open.unshift(gateway); // closed before its contact centre
      if (settings['REDIS_URL']) await eventually('it uses Redis', async () => (await redisOf(gateway.url)) === 'up');
      return {
        logLines,
        query: (document) => postOperation(`${gateway.url}/graphql`, document),
        metrics: async () => (await fetch(`${gateway.url}/metrics`)).text(),
      };
    },
    async close() {
      for (const one of open.splice(0)) await one.close();
    },
  };
}

function noFiles(path: string): string {
  throw new Error(`the test gives no file ${path}`);
}

async function redisOf(url: string): Promise<unknown> {
  const response = await fetch(`${url}/readyz`);
  return ((await response.json()) as { redis?: unknown }).redis;
}

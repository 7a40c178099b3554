import pino from 'pino';
import type { Clock } from '../../src/call/clock.js';
import { loadConfig } from '../../src/config/config.js';
import { startGateway } from '../../src/gateway.js';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { buildViewer } from '../../viewer/build.js';
import { postOperation, type Reply } from './client.js';

/** A gateway in this process, with a contact centre of its own behind it. */
export interface TestGateway {
  /** Where the gateway listens, without a slash at the end. */
  readonly url: string;
  /** Where it serves metrics and readiness. */
  readonly adminUrl: string;
  readonly simulator: Simulator;
  /** What it has logged, one line of JSON each. */
  readonly logLines: readonly string[];
  query(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>;
  close(): Promise<void>;
}

/** Keys that every simulator of the tests knows. */
export const ACCESS_KEY = 'demo-access-key';
export const SECRET_KEY = 'demo-secret-key';

/** The least environment with which a gateway starts in front of a contact centre, on a free port. */
export function environmentFor(simulator: Pick<Simulator, 'url'>): Record<string, string> {
  return {
    PORT: '0',
    HOST: '127.0.0.1',
    NODE_ENV: 'test',
    DRAIN_MS: '0',
    AUTH_MODE: 'none',
    ANONYMOUS_SCOPES: 'numbers',
    CMS_BASE_URL: simulator.url,
    CMS_ALLOW_PLAIN_HTTP: 'true',
    CMS_ACCESS_KEY: ACCESS_KEY,
    CMS_SECRET_KEY: SECRET_KEY,
  };
}

/** Starts both. A failing request is not repeated, and everything is logged, unless the overrides say otherwise. `files`: texts by path; `clock`: of both. */
export async function startTestGateway(
  overrides: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
  clock?: Clock,
): Promise<TestGateway> {
  const now = clock?.wall ?? Date.now;
  const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY, now });
  const logLines: string[] = [];
  const log = pino({}, { write: (line: string) => void logLines.push(line) });
  const config = loadConfig(
    { ...environmentFor(simulator), LOG_LEVEL: 'trace', CMS_MAX_RETRIES: '0', ...overrides },
    (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`the test gives no file ${path}`);
      return text;
    },
    now,
    log,
  );
  log.level = config.logLevel;
  // The page as its sources are now, not as they were at the last build.
  const viewer = config.server.viewer && { ...config.server.viewer, files: await buildViewer() };
  const gateway = await startGateway({ ...config, server: { ...config.server, viewer } }, log, clock).catch(
    async (error: unknown) => {
      await simulator.close();
      throw error;
    },
  );
  return {
    url: gateway.url,
    adminUrl: gateway.adminUrl,
    simulator,
    logLines,
    query: (...operation) => postOperation(`${gateway.url}/graphql`, ...operation),
    async close() {
      await gateway.close();
      await simulator.close();
    },
  };
}

/** 2025-01-04T14:13:20Z: far from the ends of its month. Unit: seconds since 1970-01-01 UTC. */
let lastStart = 1_736_000_000;

/** The ID of a call that no test has asked for yet. The number chooses its story: see `simulator/scenarios.ts`. */
export function newCallId(number = 2): string {
  lastStart += 1;
  return `${lastStart}-${number}`;
}

/** The number of a call that the simulator never finds. */
export const NEVER_FOUND = 404;

import pino from 'pino';
import type { Clock } from '../../../src/call/clock.js';
import { loadConfig } from '../../../src/config/config.js';
import { startGateway } from '../../../src/gateway.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/simulator.js';
import { postOperation, send, type GraphqlErrorBody, type Reply } from '../../support/client.js';
import { environmentFor } from '../../support/gateway.js';

/** What /readyz tells of the contact centre. */
export interface UpstreamReadiness {
  readonly endpoints: readonly {
    readonly endpoint: number;
    readonly state: string;
    readonly lastFailure: {
      readonly cause: string;
      readonly code: string | null;
      readonly detail: string | null;
      readonly agoMs: number;
    } | null;
    readonly nextProbeInMs: number | null;
  }[];
  readonly signature: { readonly state: string; readonly nextProbeInMs: number | null };
  readonly clockAheadMs: number | null;
  readonly inFlight: number;
  readonly queued: number;
  readonly concurrency: number;
  readonly pausedForMs: number | null;
}

/** A gateway in this process, in front of the contact centres that its environment names. */
export interface EstateGateway {
  readonly url: string;
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
  query(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Reply>;
  /** The traces of these calls of one VDN, or the errors in their places. */
  calls(callIds: readonly string[], vdn?: number): Promise<(CallAnswer | GraphqlErrorBody)[]>;
  readiness(): Promise<{ readonly ready: boolean; readonly upstream: UpstreamReadiness }>;
  metrics(): Promise<string>;
}

export interface CallAnswer {
  readonly callId: string;
  readonly legs: readonly unknown[];
  readonly freshness: { readonly source: string; readonly stale: boolean };
}

export interface GateOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly readFile?: (path: string) => string;
  readonly clock?: Clock;
}

export const CALLS = `query ($keys: [CallKeyInput!]!) {
  calls(keys: $keys) { callId legs { callIdNum callBegin callEnd } freshness { source stale } }
}`;

/** Gateways and contact centres of one test file; all are closed at once. */
export function createEstate() {
  const open: { close(): Promise<void> }[] = [];

  async function startCentre(options: SimulatorOptions = {}): Promise<Simulator> {
    const simulator = await startSimulator(options);
    open.push(simulator);
    return simulator;
  }

  async function openGateway(simulator: Pick<Simulator, 'url'>, options: GateOptions = {}): Promise<EstateGateway> {
    const { readFile = noFile, clock = clockOf() } = options;
    const wanted = { ...environmentFor(simulator), CMS_MAX_RETRIES: '0', ...options.env };
    // What the options give in another form takes the place of the usual one.
    const replaced = (name: string): boolean =>
      `${name}_FILE` in wanted || (name === 'CMS_BASE_URL' && 'CMS_BASE_URLS' in wanted);
    const given = Object.fromEntries(Object.entries(wanted).filter(([name]) => !replaced(name)));
    const logLines: Record<string, unknown>[] = [];
    const log = pino(
      { level: 'info' },
      { write: (line: string) => void logLines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    const config = loadConfig(given, readFile, clock.wall, log);
    const gateway = await startGateway(config, log, clock);
    open.unshift(gateway); // closed before its contact centre
    const query: EstateGateway['query'] = (...operation) => postOperation(`${gateway.url}/graphql`, ...operation);
    return {
      url: gateway.url,
      logLines,
      query,
      async calls(callIds, vdn = 170) {
        const { body } = await query(CALLS, { keys: callIds.map((callId) => ({ vdn, callId })) });
        const answers = (body.data?.['calls'] ?? []) as (CallAnswer | null)[];
        return callIds.map((callId, index) => {
          const error = body.errors?.find(({ path }) => path === undefined || path[1] === index);
          const answer = answers[index] ?? error;
          if (!answer) throw new Error(`neither an answer nor an error for ${callId}: ${JSON.stringify(body)}`);
          return answer;
        });
      },
      readiness: async () => {
        const { body } = await send(`${gateway.url}/readyz`);
        return body as Awaited<ReturnType<EstateGateway['readiness']>>;
      },
      metrics: async () => (await fetch(`${gateway.url}/metrics`)).text(),
    };
  }

  async function close(): Promise<void> {
    const closing = open.splice(0);
    for (const one of closing) await one.close();
  }

  return { startCentre, openGateway, close };
}

/** The clocks of a host whose wall clock was set; the other one is never set. */
export function clockOf(wall: () => number = Date.now): Clock {
  return { wall, monotonic: () => performance.now() };
}

/** The code of an error, or where a trace came from. */
export function outcomeOf(answer: CallAnswer | GraphqlErrorBody): string {
  return 'extensions' in answer ? String(answer.extensions['code']) : answer.freshness.source;
}

function noFile(path: string): string {
  throw new Error(`no file of this test is ${path}`);
}

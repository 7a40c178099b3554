import { setTimeout as pause } from 'node:timers/promises';
import { createSigner } from '../src/upstream/signature.js';
import type { Simulator } from '../simulator/simulator.js';
import { ask, askAll, post } from './ask.js';
import { ACCESS_KEY, SECRET_KEY } from './ours.js';
import { newKey, questionsA, type Key, type Question } from './questions.js';
import type { RestService } from './rest.js';
import type { Server, StartedServer, Surroundings } from './servers.js';
import { median } from './statistics.js';

/** What a server does with questions that nobody has asked before. Null: not measured. */
export interface ColdFigures {
  /** Requests to the upstream for so many identical questions at once. */
  identicalUpstream: number | null;
  /** Time for all the distinct questions at once, as a multiple of the upstream's own bound. */
  distinctRatio: number | null;
  /** The same for as many questions put to the upstream itself: no server can be below it. */
  directRatio: number | null;
  /** Added to one answer over the upstream's own time. Unit: ms, median. */
  addedMs: number | null;
}

/** What became of one server. */
export interface ColdRow {
  readonly server: Server;
  readonly figures: Readonly<ColdFigures>;
  /** Why there are no figures, or not all. */
  readonly failure: string | null;
}

/** The upstreams: ours asks the simulator, the peers ask the REST service. */
export interface Upstreams {
  readonly simulator: Simulator;
  readonly rest: RestService;
}

export const IDENTICAL = 1000;
export const DISTINCT = 500;
export const LATENCY_MS = 200;
/** Requests that the upstream is sent at once, by all servers. */
export const AT_ONCE = 20;
/** The upstream's time for one answer while the added time is measured. Unit: ms. */
export const ADDED_LATENCY_MS = 20;
const ADDED_SAMPLES = 100;
const PLATEAU_MS = 300;
/** The first index whose call nobody asks for while warm. */
const FIRST_COLD = 10_000;

let nextIndex = FIRST_COLD;

/**
 * Starts a server anew, so that it knows nothing, and asks it; only identical questions if so wanted. One that fails is
 * a row that says why.
 */
export async function measureCold(
  server: Server,
  surroundings: Surroundings,
  upstreams: Upstreams,
  identicalOnly: boolean,
): Promise<ColdRow> {
  const figures: ColdFigures = { identicalUpstream: null, distinctRatio: null, directRatio: null, addedMs: null };
  let started: StartedServer | undefined;
  try {
    started = await server.start(surroundings);
    await askAll(started, 'A', newQuestions(AT_ONCE), AT_ONCE); // connections are open, code is loaded
    setLatency(upstreams, LATENCY_MS);
    figures.identicalUpstream = await askIdentical(started, server, upstreams);
    if (identicalOnly) return { server, figures, failure: null };
    figures.distinctRatio = await askDistinct(started);
    figures.directRatio = await askDirectly(server, upstreams);
    setLatency(upstreams, ADDED_LATENCY_MS);
    figures.addedMs = await measureAdded(started, server, upstreams);
    return { server, figures, failure: null };
  } catch (error) {
    return { server, figures, failure: (error as Error).message };
  } finally {
    setLatency(upstreams, 0);
    await started?.program.stop();
  }
}

async function askIdentical(started: StartedServer, server: Server, upstreams: Upstreams): Promise<number> {
  const [question] = newQuestions(1);
  if (!question) throw new Error('there is no question');
  const before = totalOf(server, upstreams);
  await Promise.all(Array.from({ length: IDENTICAL }, () => ask(started, 'A', question)));
  await pause(PLATEAU_MS); // what was asked for nobody still counts
  return totalOf(server, upstreams) - before;
}

async function askDistinct(started: StartedServer): Promise<number> {
  const questions = newQuestions(DISTINCT);
  const startedAt = performance.now();
  await askAll(started, 'A', questions, DISTINCT);
  return timesTheBound(startedAt);
}

async function askDirectly(server: Server, upstreams: Upstreams): Promise<number> {
  const startedAt = performance.now();
  const askSome = async (): Promise<void> => {
    for (let count = 0; count < DISTINCT / AT_ONCE; count += 1) await askUpstream(server, upstreams);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askSome));
  return timesTheBound(startedAt);
}

function timesTheBound(startedAt: number): number {
  return (performance.now() - startedAt) / ((DISTINCT / AT_ONCE) * LATENCY_MS);
}

/** One cold question after the other. What the upstream itself takes is measured by turns with them. */
async function measureAdded(started: StartedServer, server: Server, upstreams: Upstreams): Promise<number> {
  const direct: number[] = [];
  const through: number[] = [];
  for (const question of newQuestions(ADDED_SAMPLES)) {
    const beganAt = performance.now();
    await ask(started, 'A', question);
    const answeredAt = performance.now();
    through.push(answeredAt - beganAt);
    await askUpstream(server, upstreams);
    direct.push(performance.now() - answeredAt);
  }
  return median(through) - median(direct);
}

const sign = createSigner({ accessKey: () => ACCESS_KEY, secretKey: () => SECRET_KEY, now: Date.now });
const TRACE_PATH = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';

/** The server's question to its upstream, without the server. */
async function askUpstream(server: Server, { simulator, rest }: Upstreams): Promise<void> {
  const key = nextKey();
  if (!server.ours) {
    await post(`${rest.url}/call`, JSON.stringify(key));
    return;
  }
  const url = new URL(TRACE_PATH, simulator.url);
  const logDate = Number(key.callId.slice(0, key.callId.indexOf('-'))) * 1000;
  const body = JSON.stringify({ ccId: 1, ...key, logDate });
  const headers = { host: url.host };
  await post(url.href, body, { ...headers, authorization: sign({ method: 'POST', url, headers, body }) });
}

function totalOf({ ours }: Server, { simulator, rest }: Upstreams): number {
  return ours ? simulator.total : rest.total;
}

function setLatency({ simulator, rest }: Upstreams, latencyMs: number): void {
  simulator.configure({ latencyMs });
  rest.latencyMs = latencyMs;
}

function newQuestions(count: number): Question[] {
  return questionsA(Array.from({ length: count }, nextKey));
}

function nextKey(): Key {
  nextIndex += 1;
  return newKey(nextIndex);
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STORIES, STORY_NAMES, type StoryName, type Tables } from './calls.js';
import type { VirtualTime } from './virtual-time.js';

/** How questions about a call are answered: right, right but not before they are released, not, or never. */
export type Mode = 'answer' | 'hold' | 'hang' | '500' | '503' | 'cut' | 'half' | 'rejected';

/** One question of a gateway, as the contact centre has it. */
export interface Request {
  /** Stands in each record of its answer. */
  readonly serial: number;
  readonly gateway: number;
  readonly call: StoryName;
  readonly month: string;
  readonly mode: Mode;
  /** How often the call had changed. */
  readonly version: number;
  /** What the answer says. */
  readonly legs: NonNullable<Tables[string]>;
  /** By the true time. Unit: ms since 1970-01-01 UTC. */
  readonly arrivedAt: number;
  /** `answered`: rightly, and wholly; `lost`: a failure, or nobody was there any more. */
  state: 'under way' | 'answered' | 'lost';
  /** Unit: ms since 1970-01-01 UTC. Infinity while it is under way. */
  endedAt: number;
  release: () => void;
}

/** A contact centre in which calls go on when the run says so, over HTTP, at a port for each gateway. */
export interface ModelCentre {
  readonly requests: readonly Request[];
  /** What is there now of a call, and how often it has changed. */
  known(call: StoryName): { readonly tables: Tables; readonly version: number; readonly gone: boolean };
  /** Lets a call go on. False if nothing more can happen to it. */
  progress(call: StoryName): boolean;
  /** The contact centre forgets a call for good. */
  purge(call: StoryName): void;
  setMode(call: StoryName, mode: Mode): void;
  modeOf(call: StoryName): Mode;
  /** Unit: ms since 1970-01-01 UTC. */
  now(): number;
  /** Opens a port. */
  listen(gateway: number): Promise<{ readonly url: string; cut(): void; close(): void }>;
}

interface State {
  tables: Tables;
  version: number;
  next: number;
  gone: boolean;
  mode: Mode;
}

export interface ModelCentreOptions {
  readonly time: VirtualTime;
  /** How far its clock is ahead of the true time. Unit: ms. */
  readonly skewMs: number;
  /** Whether its replies have a `Date`. */
  readonly tellsTime: boolean;
  /** Told of whatever happens on the wire. */
  readonly onActivity: () => void;
}

/** All calls as they are when a run begins. */
export function createModelCentre({ time, skewMs, tellsTime, onActivity }: ModelCentreOptions): ModelCentre {
  const requests: Request[] = [];
  const states = new Map<StoryName, State>(
    STORY_NAMES.map((name) => [
      name,
      { tables: STORIES[name].before, version: 0, next: 0, gone: false, mode: 'answer' },
    ]),
  );
  const stateOf = (call: StoryName): State => states.get(call) as State;
  const now = (): number => time.now() + skewMs;

  return {
    requests,
    known: stateOf,
    progress(call) {
      const state = stateOf(call);
      const event = STORIES[call].events[state.next];
      const tables = state.gone ? null : (event?.(state.tables, now()) ?? null);
      if (tables === null) return false;
      Object.assign(state, { tables, version: state.version + 1, next: state.next + 1 });
      return true;
    },
    purge: (call) => void Object.assign(stateOf(call), { tables: {}, gone: true, version: stateOf(call).version + 1 }),
    setMode: (call, mode) => void Object.assign(stateOf(call), { mode }),
    modeOf: (call) => stateOf(call).mode,
    now,
    listen: open,
  };

  async function open(gateway: number) {
    let isCut = false;
    const server = createServer((request, response) => void answer(gateway, request, response));
    server.keepAliveTimeout = 0;
    server.on('connection', (socket) => {
      if (isCut) socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const cut = (): void => {
      isCut = true;
      server.closeAllConnections();
    };
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      cut,
      close() {
        cut();
        server.close();
      },
    };
  }

  async function answer(gateway: number, message: IncomingMessage, response: ServerResponse): Promise<void> {
    onActivity();
    response.sendDate = false;
    response.on('error', () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { callId?: string; logDate?: string };
    const call = STORY_NAMES.find((name) => STORIES[name].callId === body.callId);
    if (call === undefined) return send(response, 200, success([])); // a sign of life, or the first question of a gateway
    const request = enter(gateway, call, new Date(Number(body.logDate)).toISOString().slice(0, 7));
    response.on('close', () => end(request, 'lost'));
    const { mode } = request;
    response.on('finish', () => end(request, mode === 'answer' || mode === 'hold' ? 'answered' : 'lost'));
    request.release = () => reply(request, response);
    if (mode !== 'hold' && mode !== 'hang') request.release();
  }

  function enter(gateway: number, call: StoryName, month: string): Request {
    const { tables, version, mode } = stateOf(call);
    const request: Request = {
      serial: requests.length + 1,
      gateway,
      call,
      month,
      mode,
      version,
      legs: tables[month] ?? [],
      arrivedAt: time.now(),
      state: 'under way',
      endedAt: Infinity,
      release: () => undefined,
    };
    requests.push(request);
    return request;
  }

  function end(request: Request, state: 'answered' | 'lost'): void {
    onActivity();
    if (request.state !== 'under way') return;
    request.state = state;
    request.endedAt = time.now();
  }

  function reply(request: Request, response: ServerResponse): void {
    const { call, mode } = request;
    const { callId } = STORIES[call];
    const right = success(request.legs.map((leg) => wireRecord(leg, callId, request)));
    if (mode === 'hang') return;
    if (mode === 'cut') {
      end(request, 'lost'); // the gateway may hear of it first
      response.destroy();
    } else if (mode === 'half') send(response, 200, right.slice(0, right.length / 2));
    else if (mode === 'rejected') send(response, 200, JSON.stringify({ resultCode: '0101001', resultDesc: 'no' }));
    else if (mode === '500' || mode === '503') send(response, Number(mode), 'broken');
    else send(response, 200, right);
  }

  function send(response: ServerResponse, status: number, body: string): void {
    const date = tellsTime ? { date: new Date(now()).toUTCString() } : {};
    response.writeHead(status, { 'content-type': 'application/json', ...date });
    response.end(body);
  }
}

function success(records: readonly object[]): string {
  return JSON.stringify({ resultCode: '0100000', resultDesc: records });
}

/** A record that tells the call, the question that it answers, and its edition. */
function wireRecord({ number, beginAt, endAt, edition }: Request['legs'][number], callId: string, request: Request) {
  return {
    callId,
    callIdNum: number,
    callerNo: String(request.serial),
    deviceNo: request.call,
    deviceIn: String(edition),
    callBegin: beginAt,
    callEnd: endAt ?? 0,
  };
}

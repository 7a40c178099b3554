import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../src/call/clock.js';
import { startReplyServer } from '../../upstream/support/reply-server.js';

/** A record as the contact centre spells it. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** One question that came in. */
export interface CentreQuestion {
  readonly callId: string;
  readonly vdn: number;
  /** The month whose table was asked for, in UTC: `YYYY-MM`. */
  readonly month: string;
}

/** A reply in all its bytes. */
export interface RawReply {
  readonly body: string | Uint8Array;
  /** 200 if not given. */
  readonly status?: number;
  /** `application/json` if not given. */
  readonly contentType?: string;
}

/** What the contact centre answers: records, another reply, or one of them when the promise says so. */
export type CentreAnswer = readonly WireRecord[] | RawReply | Promise<readonly WireRecord[] | RawReply>;

/** A contact centre that answers as a test says, and dates each reply by when its question came in. */
export interface ScriptedCentre {
  readonly url: string;
  /** In the order in which they came in. */
  readonly questions: readonly CentreQuestion[];
  /** How it answers from now on. */
  answerWith(script: (question: CentreQuestion) => CentreAnswer): void;
  close(): Promise<void>;
}

/** What a contact centre may do otherwise. */
export interface CentreOptions {
  /** How far its clock is ahead of the test's. Null: it tells no time. Unit: ms. 0 if not given. */
  readonly aheadMs?: number | null;
}

const TRACES = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';

/** A promise that never ends: the answer of a contact centre that hangs. */
export function hang(): Promise<never> {
  return new Promise(() => undefined);
}

/** Starts one, which knows no call. */
export async function startScriptedCentre(
  clock: Pick<Clock, 'wall'>,
  { aheadMs = 0 }: CentreOptions = {},
): Promise<ScriptedCentre> {
  const questions: CentreQuestion[] = [];
  let script: (question: CentreQuestion) => CentreAnswer = () => [];
  const server = await startReplyServer((response, { path, body }) => {
    response.sendDate = false;
    if (aheadMs !== null) response.setHeader('date', new Date(clock.wall() + aheadMs).toUTCString());
    if (path !== TRACES) return void response.writeHead(404).end();
    const { callId, vdn, logDate } = JSON.parse(body) as { callId: string; vdn: number; logDate: number };
    const question = { callId, vdn, month: new Date(logDate).toISOString().slice(0, 7) };
    questions.push(question);
    void Promise.resolve(script(question)).then((answer) => reply(response, answer));
  });
  return {
    url: server.url,
    questions,
    answerWith(change) {
      script = change;
    },
    close: () => server.close(),
  };
}

function reply(response: ServerResponse, answer: readonly WireRecord[] | RawReply): void {
  const isRaw = 'body' in answer;
  const body = isRaw ? answer.body : JSON.stringify({ resultCode: '0100000', resultDesc: answer });
  const { status = 200, contentType = 'application/json' } = isRaw ? answer : {};
  response.writeHead(status, { 'content-type': contentType }).end(body);
}

import { Agent, request, type RequestOptions } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { Question } from './questions.js';

/** Where and how a server is asked. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the request that asks a question; `kind` tells its document. */
  readonly bodyOf: (kind: 'A' | 'B', question: Question) => string;
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const SHOWN_CHARACTERS = 300;

/** One POST of JSON; fulfils with the text of the answer. Rejects if the status is not 200. */
export function post(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const length = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
  return send(url, { method: 'POST', headers: { ...length, ...headers } }, body);
}

/** One GET; fulfils with the text of the answer. Rejects if the status is not 200. */
export function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return send(url, { headers });
}

function send(url: string, options: RequestOptions, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`HTTP ${response.statusCode ?? 0}: ${text.slice(0, SHOWN_CHARACTERS)}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** One question; rejects if the answer is not the right one. */
export async function ask(target: Target, kind: 'A' | 'B', question: Question): Promise<void> {
  const text = await post(target.url, target.bodyOf(kind, question), target.headers);
  const answer = JSON.parse(text) as { readonly data?: unknown; readonly errors?: unknown };
  if (answer.errors !== undefined || !isDeepStrictEqual(answer.data, question.data)) {
    const shown = answer.errors === undefined ? text : JSON.stringify(answer.errors);
    throw new Error(`a wrong answer: ${shown.slice(0, SHOWN_CHARACTERS)}`);
  }
}

/** Many questions, so many at a time; rejects at the first answer that is wrong. */
export async function askAll(
  target: Target,
  kind: 'A' | 'B',
  questions: readonly Question[],
  atOnce: number,
): Promise<void> {
  const queue = questions.values(); // shared: each takes what is next
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const question of queue) await ask(target, kind, question);
    }),
  );
}

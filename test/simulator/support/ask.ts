import { createHmac } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Simulator } from '../../../simulator/simulator.js';

export const TRACE_PATH = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';
export const PING_PATH = '/rest/cmsapp/v1/ping';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Ask {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

/** One HTTP request, sent as given; rejects if the connection breaks before the answer is whole. */
export function send(
  simulator: Simulator,
  { method = 'POST', path, headers = {}, body = '', signal }: Ask,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      agent: false as const,
      headers: { 'content-length': Buffer.byteLength(body), ...headers },
    };
    const outgoing = httpRequest(simulator.url + path, { ...options, ...(signal && { signal }) }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The same, with a right signature over the header `host`. */
export function sendSigned(simulator: Simulator, ask: Ask): Promise<Reply> {
  const host = new URL(simulator.url).host;
  const authorization = sign({ path: ask.path, host, body: ask.body ?? '' });
  return send(simulator, {
    ...ask,
    headers: { authorization, 'content-type': 'application/json; charset=UTF-8', ...ask.headers },
  });
}

/** The signature of a POST by the simulator's default keys. */
export function sign({ path, host, body }: { path: string; host: string; body: string }): string {
  const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');
  const percent = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const prefix = `auth-v2/demo-access-key/${new Date().toISOString()}/host`;
  const canonical = `POST\n${path}\nhost\nhost:${percent(host)}\n${percent(body)}`;
  return `${prefix}/${hmac(hmac('demo-secret-key', prefix), canonical)}`;
}

export interface Question {
  ccId?: unknown;
  vdn?: unknown;
  callId: unknown;
  logDate: unknown;
}

/** One signed question for a trace. */
export function askTrace(simulator: Simulator, question: Question, ask: Partial<Ask> = {}): Promise<Reply> {
  return sendSigned(simulator, { path: TRACE_PATH, body: JSON.stringify({ ccId: 1, vdn: 170, ...question }), ...ask });
}

/** The JSON value of a reply. */
export function json(reply: Reply): Record<string, unknown> {
  return JSON.parse(reply.text) as Record<string, unknown>;
}

export type WireRow = Record<string, unknown>;

/** The records of a successful reply, as spelled. */
export function rows(reply: Reply): WireRow[] {
  const { resultCode, resultDesc } = json(reply);
  if (resultCode !== '0100000' || !Array.isArray(resultDesc)) throw new Error(`Not a trace: ${reply.text}`);
  return resultDesc as WireRow[];
}

/** The CDR numbers of the records, ascending with the final one last. */
export function legNumbers(reply: Reply): number[] {
  const place = (number: number) => (number === -1 ? Infinity : number);
  return rows(reply)
    .map((row) => Number(row['callIdNum']))
    .sort((a, b) => place(a) - place(b));
}

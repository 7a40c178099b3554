import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { isErrorCode } from '../../src/call/error-codes.js';

/** What came back: the HTTP part, and the body as JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphqlBody;
}

export interface GraphqlBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphqlErrorBody[];
}

export interface GraphqlErrorBody {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code?: unknown };
}

/** One HTTP request, sent as given, whose reply holds JSON. */
export async function send(url: string, init?: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  const body = (text === '' ? {} : JSON.parse(text)) as GraphqlBody;
  checkCodes(body);
  return { status: response.status, headers: response.headers, body };
}

/** Throws for an error without a code, or with one that the schema does not tell clients of. */
function checkCodes({ errors }: GraphqlBody): void {
  const codes = errors?.map(({ extensions }) => extensions.code) ?? [];
  const strange = codes.filter((code) => !isErrorCode(code));
  if (strange.length > 0) throw new Error(`the schema does not name ${strange.map(String).join()}`);
}

/** One operation, as a client sends it: POST, JSON. */
export function postOperation(
  endpoint: string,
  document: string,
  variables?: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return send(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
}

/** Waits for something that happens in this process, one turn of the event loop after another. */
export async function reached(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for what a program's output brings about, or for its end. The reader of the output must be listening already. */
export async function printed(program: ChildProcess, condition: () => boolean): Promise<void> {
  const { stdout } = program;
  if (!stdout) throw new Error('the output of the program goes elsewhere');
  const ended = once(program, 'close');
  while (!condition() && program.exitCode === null) await Promise.race([once(stdout, 'data'), ended]);
}

import { createHash } from 'node:crypto';
import type { Calls } from './calls.js';
import type { Drawn } from './documents.js';
import type { Draw } from './draw.js';
import type { Question } from './twins.js';

/** Headers by which somebody says who they are. */
export type Credentials = Readonly<Record<string, string>>;

/** What browsers and libraries send, and what this gateway cannot give. */
const ACCEPTS = [
  'application/json',
  'application/json',
  'application/json',
  '*/*',
  'application/graphql-response+json',
  'multipart/mixed, application/json',
  'text/html',
] as const;

/** Draws what is asked of a document, by whoever it is: most often in the usual form, with usual values. */
export function drawQuestion(
  draw: Draw,
  { text, variables, operationNames }: Drawn,
  calls: Calls,
): (caller: Credentials) => Question {
  const values = Object.fromEntries(
    variables.flatMap(({ name, kind, isNeeded }) =>
      draw.percent(isNeeded ? 2 : 30) ? [] : [[name, calls.value(kind, 3)] as const],
    ),
  );
  const more = draw.percent(8) ? { [draw.of('more', 'constructor')]: draw.of<unknown>(1, [[[[[1]]]]], null) } : {};
  const given = { ...values, ...more };
  const sent = draw.percent(2) ? draw.of<unknown>(null, JSON.stringify(given), [given], undefined) : given;
  const [first = null, second] = operationNames;
  const usual = second === undefined ? undefined : first;
  const operationName = draw.percent(90) ? usual : draw.of<unknown>(first, null, second, 'Nobody', '', 7);
  const accept = draw.of(...ACCEPTS);
  const hash = createHash('sha256').update(text).digest('hex');
  const byHash = (sha256Hash: string): object => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
  const asked = { operationName, variables: sent };
  const wholly = { query: text, ...asked };
  const search = `?query=${encodeURIComponent(text)}&variables=${encodeURIComponent(JSON.stringify(given))}`;
  const body = draw.percent(88)
    ? wholly
    : draw.of<unknown>(
        { ...wholly, ...byHash(hash) },
        { ...asked, ...byHash(hash) },
        { ...asked, ...byHash(hash) },
        { ...asked, query: hash },
        { ...asked, ...byHash(text) },
        { ...wholly, extensions: draw.of<unknown>({}, null, { persistedQuery: null }, 'x') },
        { ...wholly, documentId: draw.of<unknown>(hash, null, 7) },
        [wholly],
        null,
      );
  return (caller) => {
    const headers = { ...caller, accept };
    if (body !== null) return post(body, headers);
    return { method: 'GET', search, headers: { ...headers, 'apollo-require-preflight': '1' } };
  };
}

/** A question as nearly all are sent. */
export function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Question {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

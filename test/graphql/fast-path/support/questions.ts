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
  const search = drawSearch(draw, text, given, hash);
  const body = draw.percent(80)
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
        ...[null, null, null, null, null],
      );
  const traced = draw.percent(10) ? { 'apollo-federation-include-trace': 'ftv1' } : {};
  const preflight: Credentials = draw.of<Credentials>(
    { 'apollo-require-preflight': '1' },
    { 'apollo-require-preflight': '1' },
    { 'x-apollo-operation-name': 'x' },
    { 'content-type': 'application/json' },
    draw.of<Credentials>({}, { 'apollo-require-preflight': '' }, { 'content-type': 'text/plain' }),
  );
  const isShort = draw.percent(20);
  return (caller) => {
    const headers = { ...caller, ...traced, accept };
    if (body !== null) return isShort ? shortened(post(body, headers)) : post(body, headers);
    return { method: 'GET', search, headers: { ...headers, ...preflight } };
  };
}

/** What a GET asks: most often in the usual form. */
function drawSearch(draw: Draw, text: string, given: object, hash: string): string {
  const query = `query=${encodeURIComponent(text)}`;
  const variables = `variables=${encodeURIComponent(JSON.stringify(given))}`;
  const persisted = `extensions=${encodeURIComponent(`{"persistedQuery":{"version":1,"sha256Hash":"${hash}"}}`)}`;
  if (draw.percent(70)) return `?${query}&${variables}`;
  return `?${draw.of(
    `${variables}&${persisted}`,
    `${query}&${variables}&${persisted}`,
    `${query}&${query}&${variables}`,
    `${query}&${variables}&${variables}`,
    `${query}&variables=null`,
    `${query}&variables=x`,
    `${query}&${variables}&operationName=`,
    `${query}&${variables}&extensions={}`,
    variables,
  )}`;
}

/** A question as nearly all are sent. */
export function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Question {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The same question with its instants in fewer characters: 17e11 in place of 1700000000000. */
function shortened({ body = '', ...question }: Question): Question {
  const short = (_: string, name: string, digits: string, zeros: string): string => `${name}${digits}e${zeros.length}`;
  return { ...question, body: body.replace(/("logDate\w*":)([1-9]\d*?)(0{3,})(?=[,}])/g, short) };
}

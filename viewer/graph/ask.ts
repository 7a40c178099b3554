import callLeg from '../documents/call-leg.graphql';
import callPage from '../documents/call-page.graphql';
import callText from '../documents/call-text.graphql';
import type { Language } from '../texts/catalogue.js';
import type { Call, Leg } from './answer.js';
import type { CallKey } from './call-key.js';

/** In which language and zone the graph tells of a call. */
export interface Telling {
  readonly language: Language;
  readonly zone: string;
}

/** The forms of a call as text. */
export const TEXT_FORMS = ['PLAIN', 'MARKDOWN', 'MERMAID', 'CSV'] as const;
export type TextForm = (typeof TEXT_FORMS)[number];

/** Why there is no answer. */
export class AskError extends Error {
  /** Of the gateway's error codes; `UNREACHABLE` and `UNREADABLE` where it gave none. */
  readonly code: string;
  readonly requestId: string | null;
  /** When it may help to ask again; null if that is not known. Unit: ms. */
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, requestId: string | null = null, retryAfterMs: number | null = null) {
    super(message);
    this.code = code;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Asks the gateway. Each function rejects with an AskError. */
export interface Graph {
  /** A call. One that is too long for one answer is asked for in sections, without the details of its legs. */
  call(key: CallKey, telling: Telling, options?: { readonly refresh?: boolean }): Promise<CallAnswer>;
  /** One leg with its details; null if there is none at this position. */
  leg(key: CallKey, position: number): Promise<Leg | null>;
  text(key: CallKey, telling: Telling, form: TextForm): Promise<string>;
}

/** What a long call is asked for section by section. */
export const SECTIONS = ['legs', 'timeline', 'story', 'links'] as const;
export type Section = (typeof SECTIONS)[number];

export interface CallAnswer {
  /** Null: there is no such call. */
  readonly call: Call | null;
  /** False: the details of each leg are to be asked for. */
  readonly hasDetails: boolean;
  /** Sections that are too long for one answer even by themselves. */
  readonly missing: readonly Section[];
}

/** The gateway's own endpoint, beside which the page is served. */
const GRAPHQL_PATH = '/graphql';

/** Returns what asks the gateway with a credential; an empty one: without. */
export function createGraph(credential: string): Graph {
  const ask = <Data>(document: string, variables: object) => post<Data>(document, variables, headersFor(credential));
  const told = ({ language, zone }: Telling) => ({ language: language === 'zh' ? 'ZH' : 'EN', timeZone: zone });
  return {
    async call(key, telling, { refresh = false } = {}) {
      const askFor = async (sections: readonly Section[], details: boolean, refresh: boolean) => {
        const chosen = Object.fromEntries(SECTIONS.map((section) => [section, sections.includes(section)]));
        // `refresh: false` said aloud costs nothing, but a request that leaves it out is answered faster.
        const variables = { ...named(key), ...told(telling), ...chosen, details, ...(refresh ? { refresh } : {}) };
        return (await ask<{ call: Call | null }>(callPage, variables)).call;
      };
      try {
        return { call: await askFor(SECTIONS, true, refresh), hasDetails: true, missing: [] };
      } catch (error) {
        if (!isTooLong(error)) throw error;
      }
      // The contact centre has just been asked: what it said is in the cache.
      const missing: Section[] = [];
      const parts = await Promise.all(
        SECTIONS.map((section) =>
          askFor([section], false, false).catch((error: unknown) => {
            if (!isTooLong(error)) throw error;
            missing.push(section);
            return askFor([], false, false);
          }),
        ),
      );
      return { call: joined(parts), hasDetails: false, missing };
    },
    async leg(key, position) {
      const data = await ask<{ call: { leg: Leg | null } | null }>(callLeg, { ...named(key), position });
      return data.call?.leg ?? null;
    },
    async text(key, telling, form) {
      const data = await ask<{ call: { text: string } | null }>(callText, { ...named(key), ...told(telling), form });
      return data.call?.text ?? '';
    },
  };
}

function isTooLong(error: unknown): boolean {
  return error instanceof AskError && error.code === 'OPERATION_TOO_COMPLEX';
}

/** One call out of answers that hold a section each. Null if one says that there is none. */
function joined(parts: readonly (Call | null)[]): Call | null {
  const found = parts.flatMap((part) => part ?? []);
  const [first] = found;
  if (!first || found.length < parts.length) return null;
  const sentences = found.flatMap(({ narrative }) => narrative.sentences ?? []);
  return { ...Object.assign({}, ...found), narrative: { ...first.narrative, sentences } } as Call;
}

function named({ vdn, callId, month, ccId }: CallKey): object {
  return { vdn, callId, ...(month === null ? {} : { month }), ...(ccId === null ? {} : { ccId }) };
}

/** Three parts with dots between them are a token; anything else is an API key. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function headersFor(credential: string): Readonly<Record<string, string>> {
  if (credential === '') return {};
  return TOKEN.test(credential) ? { authorization: `Bearer ${credential}` } : { 'x-api-key': credential };
}

interface Reply {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message?: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

async function post<Data>(query: string, variables: object, headers: Readonly<Record<string, string>>): Promise<Data> {
  let response: Response;
  try {
    response = await fetch(GRAPHQL_PATH, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
      credentials: 'omit',
      cache: 'no-store',
    });
  } catch (error) {
    throw new AskError('UNREACHABLE', String(error));
  }
  const { data, errors } = await readReply(response);
  const error = errors?.[0];
  if (error) throw errorOf(error);
  if (typeof data !== 'object' || data === null) throw new AskError('UNREADABLE', `HTTP ${response.status}`);
  return data as Data;
}

async function readReply(response: Response): Promise<Reply> {
  try {
    return (await response.json()) as Reply;
  } catch {
    throw new AskError('UNREADABLE', `HTTP ${response.status}`, response.headers.get('x-request-id'));
  }
}

function errorOf({ message, extensions = {} }: NonNullable<Reply['errors']>[number]): AskError {
  const { code, requestId, retryAfterMs } = extensions;
  return new AskError(
    typeof code === 'string' ? code : 'UNREADABLE',
    message ?? '',
    typeof requestId === 'string' ? requestId : null,
    typeof retryAfterMs === 'number' ? retryAfterMs : null,
  );
}

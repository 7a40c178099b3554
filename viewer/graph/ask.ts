import callLeg from '../documents/call-leg.graphql';
import callPage from '../documents/call-page.graphql';
import callText from '../documents/call-text.graphql';
import type { Language } from '../texts/catalogue.js';
import type { Call, Leg } from './answer.js';
import { AskError } from './ask-error.js';
import type { CallKey } from './call-key.js';
import { askInSections, isTooLong, SECTIONS, type JoinedCall, type Section } from './sections.js';

/** In which language and zone the graph tells of a call. */
export interface Telling {
  readonly language: Language;
  readonly zone: string;
}

/** The forms of a call as text. */
export const TEXT_FORMS = ['PLAIN', 'MARKDOWN', 'MERMAID', 'CSV'] as const;
export type TextForm = (typeof TEXT_FORMS)[number];

/** Asks the gateway. Each function rejects with an AskError. */
export interface Graph {
  /** A call. One that is too long for one answer is asked for in sections, without the details of its legs. */
  call(key: CallKey, telling: Telling, options?: { readonly refresh?: boolean }): Promise<CallAnswer>;
  /** One leg with its details; null if there is none at this position. */
  leg(key: CallKey, position: number): Promise<Leg | null>;
  text(key: CallKey, telling: Telling, form: TextForm): Promise<string>;
}

/** What was asked for. */
export interface CallAnswer extends JoinedCall {
  /** False: the details of each leg are to be asked for. */
  readonly hasDetails: boolean;
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
      return { ...(await askInSections((sections) => askFor(sections, false, false))), hasDetails: false };
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

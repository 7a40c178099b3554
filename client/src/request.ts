import { partsOf, type AnyDocument } from './document.js';
import { amountOf } from './options.js';

/** Who asks: an API key, or a user's token. */
export type Credential = { readonly apiKey: string } | { readonly token: string };

/** What goes with one request. */
export interface RequestOptions {
  /** Ends it: rejects with a TransportError whose code is `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** Names the request in the gateway's log: 1 to 128 of the characters A-Z a-z 0-9 . _ - : as a rule. Made by the gateway if left out. */
  readonly requestId?: string | undefined;
  /** W3C trace context: the span that asks. */
  readonly traceparent?: string | undefined;
  /** The gateway answers within this time what it has by then. Unit: ms; 100 up to the gateway's own deadline. */
  readonly deadlineMs?: number | undefined;
}

/** Returns the headers of a request. Throws a TypeError, which shows no value, if one cannot stand in a header. */
export function headersOf(
  credential: Credential | undefined,
  clientName: string,
  { requestId, traceparent, deadlineMs }: RequestOptions,
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    // Browsers keep their own.
    'user-agent': checked('clientName', clientName, /^[\x20-\x7e]+$/),
  };
  if (requestId !== undefined) headers['x-request-id'] = checked('requestId', requestId);
  if (traceparent !== undefined) headers['traceparent'] = checked('traceparent', traceparent);
  if (deadlineMs !== undefined) headers['x-deadline-ms'] = String(Math.ceil(amountOf('deadlineMs', deadlineMs, 1)));
  if (credential == null) return headers; // a function in JavaScript may return null
  if ('apiKey' in credential) headers['x-api-key'] = checked('apiKey', credential.apiKey);
  else headers['authorization'] = `Bearer ${checked('token', credential.token)}`;
  return headers;
}

/** `fetch` would quote what it refuses: a key, perhaps. */
function checked(name: string, value: unknown, pattern = /^[\x21-\x7e]+$/): string {
  // Whoever has no types may give undefined, which a pattern would take for a word.
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new TypeError(`${name} must be one line of printable ASCII without spaces.`);
}

/** How a document is named to the gateway. */
export type DocumentForm = 'text' | 'id';

/** Returns the body of a request. Throws a TypeError if IDs are to be sent and the document has none. */
export function bodyOf(document: AnyDocument<unknown, never>, variables: unknown, form: DocumentForm): string {
  const { text, id } = partsOf(document);
  if (form === 'text') return JSON.stringify({ query: text, variables });
  if (id === undefined) throw new TypeError('The client sends IDs of documents, and this document has none.');
  return JSON.stringify({ documentId: id, variables });
}

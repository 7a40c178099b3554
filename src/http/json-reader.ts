/** Reads the JSON of bodies. Errors: SyntaxError if it is none. */
export type JsonReader = (bytes: Buffer) => unknown;

/** How a body starts up to its variables: with its document. */
interface Start {
  readonly bytes: Buffer;
  readonly query: string;
}

/** As many starts are remembered: dashboards ask few documents. */
const MAX_STARTS = 8;
/** Shorter documents are read as soon as looked for. Unit: characters. */
const LEAST_QUERY_LENGTH = 200;
/** Longer ones are not remembered. Unit: characters. */
const MOST_QUERY_LENGTH = 32 * 1024;

/**
 * Returns a function that reads bodies as `JSON.parse` does. Those that start as one before, with the same document, are
 * read from their variables on: taking a document's text out of JSON, and finding it among those known, takes longer
 * than all that follows it.
 */
export function createJsonReader(): JsonReader {
  /** The one met last first. */
  const starts: Start[] = [];

  return (bytes) => {
    for (let index = 0; index < starts.length; index += 1) {
      const start = starts[index] as Start;
      const { length } = start.bytes;
      if (bytes.length < length || bytes.compare(start.bytes, 0, length, 0, length) !== 0) continue;
      const rest = JSON.parse(`{"variables":${bytes.toString('utf8', length)}`) as { query?: unknown };
      if (Object.hasOwn(rest, 'query')) return JSON.parse(bytes.toString()) as unknown; // given twice: the last one counts
      if (index > 0) starts.unshift(...starts.splice(index, 1));
      rest.query = start.query;
      return rest;
    }
    const text = bytes.toString();
    const body: unknown = JSON.parse(text);
    remember(text, body);
    return body;
  };

  function remember(text: string, body: unknown): void {
    if (typeof body !== 'object' || body === null || !('query' in body)) return;
    const { query } = body;
    if (typeof query !== 'string' || query.length < LEAST_QUERY_LENGTH || query.length > MOST_QUERY_LENGTH) return;
    const start = `{"query":${JSON.stringify(query)},"variables":`;
    if (!text.startsWith(start)) return;
    starts.unshift({ bytes: Buffer.from(start), query });
    if (starts.length > MAX_STARTS) starts.pop();
  }
}

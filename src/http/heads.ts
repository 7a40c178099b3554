import type { ServerResponse } from 'node:http';

/** The status and the headers of a reply. */
export interface Head {
  readonly response: ServerResponse;
  readonly status: number;
  /** Name, value, name, value …: first `x-request-id`, whose value can do no harm, and last `content-length`. */
  readonly headers: readonly string[];
}

/** Puts heads together. */
export interface Heads {
  /**
   * The text of a reply's head, which its response then takes for sent: whoever asks has to write it. Null if node must
   * write it, as part of `end`. Errors: those of `writeHead`.
   */
  take(head: Head): string | null;
}

/** How node keeps a head that it has put together, and whether it is on its way. */
interface NodeResponse {
  _header: string | null;
  _headerSent: boolean | undefined;
  readonly _hasBody: boolean;
  readonly shouldKeepAlive: boolean;
}

/** A head that node has put together, cut where the next one may differ. */
interface Pattern {
  readonly status: number;
  readonly headers: readonly string[];
  /** The second in which it was made, for a date stands in it. Unit: s since 1970-01-01 UTC. */
  readonly second: number;
  readonly start: string;
  readonly middle: string;
  readonly end: string;
}

/**
 * Returns what puts heads together. Node does it header by header, and looks at each value again; yet most replies of a
 * second have the same head but for an ID and a length. So what node has written once is used again with these two put
 * in: `Date`, `Connection` and `Keep-Alive` stay node's own. `now`: ms since 1970-01-01 UTC.
 */
export function createHeads(now: () => number = Date.now): Heads {
  let last: Pattern | null = null;
  return {
    take({ response, status, headers }) {
      const inside = response as unknown as NodeResponse;
      const second = Math.trunc(now() / 1000);
      const isNew = inside._header === null && !response.hasHeader('x-request-id');
      const usual = isNew && inside._hasBody && inside.shouldKeepAlive;
      if (usual && last?.second === second && last.status === status && sameBesides(last.headers, headers)) {
        response.statusCode = status;
        inside._header = `${last.start}${headers[1]}${last.middle}${headers[headers.length - 1]}${last.end}`;
      } else {
        response.writeHead(status, headers as string[]);
        if (!inside._hasBody || typeof inside._header !== 'string' || inside._headerSent !== false) return null;
        if (usual) last = patternOf(inside._header, status, headers, second);
      }
      inside._headerSent = true;
      return inside._header;
    },
  };
}

/** Whether two lists of headers differ at most in the first value and the last. */
function sameBesides(one: readonly string[], other: readonly string[]): boolean {
  const last = one.length - 1;
  if (other.length !== one.length || other[0] !== one[0]) return false;
  for (let index = 2; index < last; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** Null if the head is not as it is for most replies: then node writes the next one, too. */
function patternOf(head: string, status: number, headers: readonly string[], second: number): Pattern | null {
  const [idLine, lengthLine] = [headers.slice(0, 2), headers.slice(-2)].map((line) => `${line.join(': ')}\r\n`);
  const [start, rest, ...moreIds] = head.split(idLine ?? '');
  const [middle, end, ...moreLengths] = (rest ?? '').split(lengthLine ?? '');
  // Node's clock may be a turn late: then the next head is node's, too.
  const date = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
  if (
    !end?.includes(`${date}Connection: keep-alive\r\n`) ||
    headers[0] !== 'x-request-id' ||
    headers.at(-2) !== 'content-length'
  )
    return null;
  if (moreIds.length > 0 || moreLengths.length > 0) return null;
  return {
    status,
    headers,
    second,
    start: `${start}x-request-id: `,
    middle: `\r\n${middle}content-length: `,
    end: `\r\n${end}`,
  };
}

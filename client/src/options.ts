/** Where the graph is. */
export interface Address {
  /** As `fetch` takes it. */
  readonly url: string;
  /** For messages: without a query, which may hold a secret. */
  readonly name: string;
}

/** What a page has; Node has neither. */
interface Page {
  readonly document?: { readonly baseURI?: string };
  readonly location?: { readonly href?: string };
}

/**
 * Returns the address. Throws a TypeError, which does not show the address, if it is none of a graph: `fetch` would fail
 * each time, as if the gateway could not be reached. Relative addresses need a page.
 */
export function addressOf(url: string): Address {
  const { document, location } = globalThis as Page;
  let parsed: URL;
  try {
    parsed = new URL(url, document?.baseURI ?? location?.href);
  } catch {
    throw new TypeError('url must be the address of a graph, such as https://calls.example.com/graphql.');
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')
    throw new TypeError('url must begin with https:// or http://.');
  if (parsed.username !== '' || parsed.password !== '')
    throw new TypeError('url must hold no user and password; give a credential.');
  return { url, name: `${parsed.origin}${parsed.pathname}` };
}

/** Returns a number of milliseconds, or of tries. Throws a TypeError if it is less than `least`, or no number at all. */
export function amountOf(name: string, value: number, least = 0): number {
  if (typeof value === 'number' && value >= least) return value;
  throw new TypeError(`${name} must be a number, and at least ${least}.`);
}

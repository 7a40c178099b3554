import { MAX_CC_ID, MAX_VDN } from '../call/key.js';

/** The virtual call centres whose calls a caller may see. */
export interface Grants {
  /** As they were granted: `{ccId}/{vdn}`, with `*` for any of either. */
  readonly texts: readonly string[];
  allows(ccId: number, vdn: number): boolean;
}

/** The form of a grant: call centre and VDN with a slash between them; `*` is any of either. A leading zero would match no call. */
const GRANT = /^([1-9]\d{0,4}|\*)\/([1-9]\d{0,3}|\*)$/;

/** Returns the grants in a list such as `["1/170", "2/*"]`, or the first invalid item: `{ bad }`. An empty list allows nothing. */
export function parseGrants(texts: readonly string[]): Grants | { readonly bad: string } {
  const bad = texts.find((text) => !isGrant(text));
  if (bad !== undefined) return { bad };
  const all = new Set(texts);
  if (all.has('*/*')) return ALL_GRANTS;
  /** Decisions by index: callers ask for the same few VDNs again and again. */
  const cache = new Map<number, boolean>();
  return {
    texts: [...all],
    allows(ccId, vdn) {
      const index = ccId * INDEXES_PER_CC + vdn;
      const isUnique = vdn >= 0 && vdn < INDEXES_PER_CC; // outside, two VDNs would share an index
      const cached = isUnique ? cache.get(index) : undefined;
      if (cached !== undefined) return cached;
      const allowed = all.has(`${ccId}/${vdn}`) || all.has(`${ccId}/*`) || all.has(`*/${vdn}`);
      if (isUnique && cache.size < MAX_CACHED) cache.set(index, allowed);
      return allowed;
    },
  };
}

/** Whether a grant can match a call. */
function isGrant(text: string): boolean {
  const [, ccId = '', vdn = ''] = GRANT.exec(text) ?? [];
  return ccId !== '' && isWithin(ccId, MAX_CC_ID) && isWithin(vdn, MAX_VDN);
}

function isWithin(part: string, max: number): boolean {
  return part === '*' || Number(part) <= max;
}

/** More than there are VDNs in a call centre. */
const INDEXES_PER_CC = 10_000;
const MAX_CACHED = 1_000;

/** What a list of grants must be, for messages. */
export const GRANTS_RULE = `a list such as ["1/170", "1/*"], of call centres from 1 to ${MAX_CC_ID} and VDNs from 1 to ${MAX_VDN} without leading zeros`;

/** Every virtual call centre of every call centre. */
export const ALL_GRANTS: Grants = { texts: ['*/*'], allows: () => true };

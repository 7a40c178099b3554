/** The virtual call centres that somebody may ask for. */
export interface Grants {
  /** As they were granted: `{ccId}/{vdn}`, with `*` for any of either. */
  readonly texts: readonly string[];
  allows(ccId: number, vdn: number): boolean;
}

/** What one grant looks like: call centre and VDN with a slash between them, or `*` for any of either. */
const GRANT = /^(\d{1,5}|\*)\/(\d{1,4}|\*)$/;

/** The grants in a list such as `["1/170", "2/*"]`, or the first item that is none: `{ bad }`. An empty list allows nothing. */
export function parseGrants(texts: readonly string[]): Grants | { readonly bad: string } {
  const bad = texts.find((text) => !GRANT.test(text));
  if (bad !== undefined) return { bad };
  const all = new Set(texts);
  if (all.has('*/*')) return ALL_GRANTS;
  /** What was found out before: callers ask for few VDNs, again and again. */
  const known = new Map<number, boolean>();
  return {
    texts: [...all],
    allows(ccId, vdn) {
      const place = ccId * PLACES_PER_CC + vdn;
      const isOnlyPlace = vdn >= 0 && vdn < PLACES_PER_CC; // beyond, it would be another's, too
      const met = isOnlyPlace ? known.get(place) : undefined;
      if (met !== undefined) return met;
      const allowed = all.has(`${ccId}/${vdn}`) || all.has(`${ccId}/*`) || all.has(`*/${vdn}`);
      if (isOnlyPlace && known.size < MAX_KNOWN) known.set(place, allowed);
      return allowed;
    },
  };
}

/** More than there are VDNs in a call centre. */
const PLACES_PER_CC = 10_000;
const MAX_KNOWN = 1_000;

/** Every virtual call centre of every call centre. */
export const ALL_GRANTS: Grants = { texts: ['*/*'], allows: () => true };

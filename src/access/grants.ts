/** The virtual call centres that somebody may ask for. */
export interface Grants {
  allows(ccId: number, vdn: number): boolean;
}

/** What one grant looks like: call centre and VDN with a slash between them, or `*` for any of either. */
const GRANT = /^(\d{1,5}|\*)\/(\d{1,4}|\*)$/;

/** The grants in a list such as `["1/170", "2/*"]`, or the first item that is none: `{ bad }`. An empty list allows nothing. */
export function parseGrants(texts: readonly string[]): Grants | { readonly bad: string } {
  const bad = texts.find((text) => !GRANT.test(text));
  if (bad !== undefined) return { bad };
  const all = new Set(texts);
  return {
    allows: (ccId, vdn) => all.has(`${ccId}/${vdn}`) || all.has(`${ccId}/*`) || all.has(`*/${vdn}`) || all.has('*/*'),
  };
}

/** Every virtual call centre of every call centre. */
export const ALL_GRANTS: Grants = { allows: () => true };

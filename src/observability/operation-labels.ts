/** Longer names are machine-made, and a label is stored with every series. Unit: characters. */
const MAX_LENGTH = 64;
/** A name with so many digits in a row may hold a phone number or a call. */
const NUMBER = /\d{4}/;
/** What routers of federated graphs put behind the name of a client's operation: `Today__calls__1`. */
const ROUTER_SUFFIX = /__[a-z0-9_]+__\d+$/i;

/**
 * Returns what an operation is called in a label: by the name that its client gave it, without what a router put behind
 * it, `anonymous` without one (null). Clients make names up, so each new one past the first `maxNames` is `other`, and so
 * is one that is longer than 64 characters or holds a number of four digits or more.
 */
export function createOperationLabels(maxNames: number): (name: string | null) => string {
  const known = new Set<string>();
  return (given) => {
    if (given === null) return 'anonymous';
    if (known.has(given)) return given;
    const name = given.replace(ROUTER_SUFFIX, '');
    if (known.has(name)) return name;
    if (known.size >= maxNames || name.length > MAX_LENGTH || NUMBER.test(name)) return 'other';
    known.add(name);
    return name;
  };
}

/** Longer names are generated, and a label is stored with every series. Unit: characters. */
const MAX_LENGTH = 64;
/** A name with four digits, whatever stands between them, may hold a phone number or a call ID. */
const NUMBER = /(?:\d\D*){4}/;
/** The suffix that routers of federated graphs append to the name of an operation: `Today__calls__1`. */
const ROUTER_SUFFIX = /__[a-z0-9_]+__\d+$/i;

/**
 * Returns a function that maps the name of an operation to its label: the name without a router's suffix; `anonymous` for
 * null. Clients choose names freely, so each new name after the first `maxNames` is `other`, and so is a name that is longer
 * than 64 characters or holds four digits or more, whatever stands between them.
 */
export function createOperationLabels(maxNames: number): (name: string | null) => string {
  const labels = new Set<string>();
  return (operationName) => {
    if (operationName === null) return 'anonymous';
    if (labels.has(operationName)) return operationName;
    const name = operationName.replace(ROUTER_SUFFIX, '');
    if (labels.has(name)) return name;
    if (labels.size >= maxNames || name.length > MAX_LENGTH || NUMBER.test(name)) return 'other';
    labels.add(name);
    return name;
  };
}

import { validateSchema } from 'graphql';
import { judgeDocuments, type KnownDocument } from './documents.js';
import { changesBetween, type SchemaChange } from './changes.js';
import { readPromise, type Served } from './promise.js';

/** A breaking change that is let through, from `schema/accepted-changes.json`. */
export interface AcceptedChange {
  /** The sentence of the gate. */
  readonly change: string;
  /** Who of those that ask this graph agreed. */
  readonly agreedBy: string;
  /** Why it cannot wait for a deprecation. */
  readonly reason: string;
}

/** What the gate decides upon. */
export interface GateInput {
  /** The promise: the text of `schema/released.graphql`. */
  readonly released: string;
  /** What is served now, printed as a promise. */
  readonly served: string;
  readonly documents: readonly KnownDocument[];
  readonly accepted: readonly AcceptedChange[];
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** What the gate says. It is open if there are no refusals. */
export interface Verdict {
  /** All changes, those accepted among them. */
  readonly changes: readonly SchemaChange[];
  /** Why not, a sentence each. */
  readonly refusals: readonly string[];
  /** What is allowed, and should not stay. */
  readonly warnings: readonly string[];
}

/**
 * Compares what is served with what was promised, and validates the known documents against it. Rejects with an Error if
 * what is served is no schema, or a document is not GraphQL.
 */
export async function judge({ released, served, documents, accepted, today }: GateInput): Promise<Verdict> {
  const before = readPromise(released);
  const after = readServed(served);
  const changes = (await changesBetween(before, after, today)).map((change): SchemaChange => {
    const acceptance = accepted.find(({ change: sentence }) => sentence === change.sentence);
    if (change.level !== 'breaking' || !acceptance) return change;
    return { ...change, level: 'accepted', consequence: `${acceptance.reason} Agreed by ${acceptance.agreedBy}.` };
  });
  const clients = after.find(({ readers }) => readers === 'clients');
  const { mistakes, warnings } = clients ? judgeDocuments(clients.schema, documents) : { mistakes: [], warnings: [] };
  const unused = accepted.filter(
    ({ change }) => !changes.some(({ level, sentence }) => level === 'accepted' && sentence === change),
  );
  return {
    changes,
    refusals: [
      ...changes.filter(({ level }) => level === 'breaking').map((change) => `Breaking: ${toldWhole(change)}`),
      ...mistakes.map((mistake) => `Known document: ${mistake}`),
      ...unused.map(({ change }) => `Accepted, but no breaking change: ${change}`),
    ],
    warnings,
  };
}

/** Returns what is served. Throws Error that says why it is no schema. */
function readServed(text: string): readonly Served[] {
  const problem = (why: string, cause?: unknown): Error => new Error(`What is served is no schema: ${why}`, { cause });
  let all: readonly Served[];
  try {
    all = readPromise(text);
  } catch (error) {
    throw problem((error as Error).message, error);
  }
  const [mistake] = all.flatMap(({ schema }) => validateSchema(schema));
  if (mistake) throw problem(mistake.message, mistake);
  return all;
}

/** Returns a change with its consequence. */
export function toldWhole({ sentence, consequence }: SchemaChange): string {
  return `${sentence} ${consequence}`.trim();
}

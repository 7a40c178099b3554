import type { Limits } from './limits.js';

/** Returns the exceeded limit of the variables of a request, as a sentence; null: none. */
export function variablesProblem(variables: Readonly<Record<string, unknown>>, limits: Limits): string | null {
  // The depth is checked first, level by level, because JSON.stringify recurses at every level.
  let level = collectionsIn(variables);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limits.variablesDepth)
      return `The variables nest lists and objects more than ${limits.variablesDepth} deep, which is the most taken.`;
    level = level.flatMap(collectionsIn);
  }
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  return bytes > limits.variablesBytes
    ? `The variables are ${bytes} bytes of JSON; at most ${limits.variablesBytes} are taken.`
    : null;
}

function collectionsIn(collection: object): object[] {
  return Object.values(collection).filter((value) => typeof value === 'object' && value !== null) as object[];
}

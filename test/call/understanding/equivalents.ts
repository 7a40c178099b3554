import type { LineMutation } from './mutations.js';

/** A mutant that no records can tell from the derivation. */
export interface Equivalent {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** A part of the line as it becomes, long enough to tell it from other lines of the file. */
  readonly becomes: string;
  /** Why nothing can tell. */
  readonly why: string;
}

/** The mutants that survive for a reason. */
export const EQUIVALENTS: readonly Equivalent[] = [
  {
    file: 'ending.ts',
    becomes: 'legs.find(({ record }) => record === span.final)',
    why: 'each record stands in one leg',
  },
  {
    file: 'timeline.ts',
    becomes: 'if (from > at || named.length',
    why: 'a leg that begins with the piece is named by the piece, too, and once',
  },
];

/** Whether a mutation is the one that is argued equivalent. */
export function isEquivalent({ file, becomes }: LineMutation, equivalent: Equivalent): boolean {
  return file.endsWith(`/${equivalent.file}`) && becomes.includes(equivalent.becomes);
}

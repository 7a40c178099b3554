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
    becomes: 'legs.find(({ record }) => record === period.final)',
    why: 'each record stands in one leg',
  },
  {
    file: 'transfers.ts',
    becomes: 'evidence.every(({ code }) => code === REASON.INTERNAL_HELP_REQUESTER_RELEASED)',
    why: 'a link rests on one code',
  },
  {
    file: 'transfers.ts',
    becomes: "stays.findLast(({ state }) => state === 'RINGING')",
    why: 'a leg rings once',
  },
];

/** Whether a mutation is the one that is argued equivalent. */
export function isEquivalent({ file, becomes }: LineMutation, equivalent: Equivalent): boolean {
  return file.endsWith(`/${equivalent.file}`) && becomes.includes(equivalent.becomes);
}

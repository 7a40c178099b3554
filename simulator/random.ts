import { createHash } from 'node:crypto';

/** A source of numbers that looks random and is not: equal texts give equal sequences, on every machine. */
export interface Random {
  /** A number from 0 up to, but not including, 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** True with the given probability, 0 to 1. */
  chance(probability: number): boolean;
  /** One element of a list that is not empty. */
  pick<T>(choices: readonly T[]): T;
  /** The elements in another order. */
  shuffle<T>(items: readonly T[]): T[];
}

const WORD_BYTES = 4;
const WORDS_PER_BLOCK = 8;
const WORD_RANGE = 2 ** 32;

/** The generator that belongs to a text: block n of its numbers is the SHA-256 of the text and n. */
export function createRandom(text: string): Random {
  let block = Buffer.alloc(0);
  let drawn = 0;

  function next(): number {
    const word = drawn % WORDS_PER_BLOCK;
    if (word === 0) block = createHash('sha256').update(`${text}#${drawn}`).digest();
    drawn += 1;
    return block.readUInt32BE(word * WORD_BYTES) / WORD_RANGE;
  }

  function integer(min: number, max: number): number {
    return min + Math.floor(next() * (max - min + 1));
  }

  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: <T>(choices: readonly T[]) => choices[integer(0, choices.length - 1)] as T,
    shuffle: (items) =>
      items
        .map((item) => ({ item, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item),
  };
}

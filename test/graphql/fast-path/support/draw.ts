import fc, { type GeneratorValue } from 'fast-check';

/** Draws what a case is made of. Shrinks towards the first of what it chooses from, and towards `false`. */
export interface Draw {
  of<T>(...options: readonly [T, ...T[]]): T;
  /** True for about so many of a hundred. */
  percent(share: number): boolean;
  /** From 0 up to this number. */
  upTo(most: number): number;
  /** So many, each made anew. */
  list<T>(least: number, most: number, make: (index: number) => T): T[];
}

/** From 0 up to a number, each as likely: fast-check itself prefers both ends. */
const evenly = (most: number): fc.Arbitrary<number> => fc.noBias(fc.nat({ max: most }));

/** Draws by what fast-check gives. */
export function createDraw(generate: GeneratorValue): Draw {
  const upTo = (most: number): number => generate(evenly, most);
  return {
    upTo,
    of: (...options) => options[upTo(options.length - 1)] as (typeof options)[number],
    percent: (share) => upTo(99) >= 100 - share,
    list: (least, most, make) => Array.from({ length: least + upTo(most - least) }, (_, index) => make(index)),
  };
}

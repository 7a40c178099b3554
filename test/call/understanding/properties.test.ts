import { describe, it } from '@jest/globals';
import { PROPERTIES } from './properties.js';

const RUNS = 1_000;

describe('understand, of any records whatever,', () => {
  it.each(Object.entries(PROPERTIES))('%s', (_, check) => {
    check(RUNS);
  });
});

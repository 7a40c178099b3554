import { describe, it } from '@jest/globals';
import { TABLES } from './tables.js';

describe('understand', () => {
  it.each(Object.entries(TABLES))('%s', (_, check) => {
    check();
  });
});

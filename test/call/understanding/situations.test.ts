import { describe, it } from '@jest/globals';
import { SITUATION_CHECKS } from './situations.js';

describe('understand', () => {
  it.each(Object.entries(SITUATION_CHECKS))('knows that %s', (_, check) => {
    check();
  });
});

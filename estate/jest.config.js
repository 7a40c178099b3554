import base from '../jest.config.js';

/** The checks of `npm run estate`: of this folder, one file after another, for each starts programs of its own. */
export default {
  ...base,
  rootDir: '..',
  testMatch: ['<rootDir>/estate/**/*.check.ts'],
  maxWorkers: 1,
  verbose: true,
};

/** `npm run fuzz`: all tests that draw their cases by lot, with many more of them; `FUZZ_CASES` says how many. */
process.env.FUZZ_CASES ??= '20000';
process.argv.push('test/fuzz', 'test/graphql/fast-path', 'test/graphql/limits');
await import('../run.js');

import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom, from the far end of the data's path to its near end. Each folder may import the ones named
 * after it (and itself, unless it says otherwise); nothing else of ours.
 */
const MAY_IMPORT = {
  'src/call': [],
  'src/loader.ts': ['src/call'],
  'src/cache': ['src/call'],
  'src/upstream': ['src/call'],
  'src/access': ['src/call'],
  'src/observability': ['src/call'],
  'src/graphql': ['src/call', 'src/access', 'src/observability', 'src/loader.ts', 'src/sdl.ts'],
  'src/config': ['src/call', 'src/access', 'src/cache', 'src/upstream'],
  'src/http': ['src/call', 'src/access', 'src/observability', 'src/graphql'],
  simulator: [],
  'src/sdl.ts': [],
};
const OURS = [
  ...Object.keys(MAY_IMPORT),
  'src/trace-path.ts',
  'src/gateway.ts',
  'src/gateway-observability.ts',
  'src/main.ts',
  'src/build-info.ts',
  'src/start-line.ts',
  'src/demo.ts',
  'src/api-key.ts',
];

const zones = Object.entries(MAY_IMPORT).map(([target, allowed]) => ({
  target: `./${target}`,
  from: OURS.filter((place) => place !== target && !allowed.includes(place)).map((place) => `./${place}`),
  message: `${target} may import only ${['itself', ...allowed].join(', ')}.`,
}));

/** The outside world: who knows it. Everywhere else in src/ these packages (regular expressions) may not be imported. */
const KNOWN_BY = {
  'src/upstream': ['ky$', 'undici$'],
  'src/cache/redis': ['ioredis$'],
  'src/access': ['jose$'],
  'src/graphql': ['graphql$', '@apollo/'],
  'src/http': ['fastify$', '@fastify/', '@apollo/'],
  'src/config': ['zod$'],
};
const OUTSIDE = [...new Set(Object.values(KNOWN_BY).flat())];
const forbid = (files, packages) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: [{ regex: `^(${packages.join('|')})`, message: 'See KNOWN_BY in eslint.config.js.' }] },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'src/graphql/generated.ts', 'bench/encoding.ts'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', 'test/*.js', 'bench/*.js'] } },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-restricted-globals': ['error', { name: 'process', message: 'The environment is read in main.ts alone.' }],
    },
  },
  forbid(['src/**/*.ts'], OUTSIDE),
  ...Object.entries(KNOWN_BY).map(([place, known]) =>
    forbid(
      [place.endsWith('.ts') ? place : `${place}/**/*.ts`],
      OUTSIDE.filter((name) => !known.includes(name)),
    ),
  ),
  {
    files: [
      'src/main.ts',
      'src/demo.ts',
      'src/api-key.ts',
      'simulator/main.ts',
      'schema/*.ts',
      'docs/*.ts',
      'supply/*.ts',
      'test/**',
      '*.js',
      'examples/**',
      'bench/**',
    ],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', fetch: 'readonly' } },
  },
);

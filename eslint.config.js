import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { plugin as ours } from './lint/imports.js';

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      'coverage',
      'src/graphql/generated.ts',
      'client/src/generated.ts',
      'test/clients/typed/consumer',
      'bench/encoding.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', 'test/*.js', 'bench/*.js', 'lint/*.js'] } },
    },
    plugins: { ours },
    rules: {
      'ours/imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-restricted-globals': ['error', { name: 'process', message: 'The environment is read in main.ts alone.' }],
    },
  },
  {
    files: [
      'src/main.ts',
      'src/demo.ts',
      'src/cli/**',
      'src/cli/call-trace/main.ts',
      'simulator/main.ts',
      'schema/*.ts',
      'client/*.js',
      'docs/*.ts',
      'supply/*.ts',
      'test/**',
      '*.js',
      'examples/**',
      'bench/**',
      'estate/**',
    ],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', fetch: 'readonly' } },
  },
);

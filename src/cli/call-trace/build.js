/** Builds the command line: one file without dependencies, which node runs wherever it lies. Used by `npm run build` and the tests. */
import { chmodSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export async function buildCallTrace(outfile) {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  const { metafile } = await build({
    entryPoints: [`${ROOT}src/cli/call-trace/main.ts`],
    absWorkingDir: ROOT,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifyWhitespace: true,
    lineLimit: 160,
    define: { CALL_TRACE_VERSION: JSON.stringify(version) },
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  chmodSync(outfile, 0o755);
  return Object.keys(metafile.inputs);
}

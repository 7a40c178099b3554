/**
 * `npm run build`: puts what runs in production into dist/, one file for each program and what they share beside it,
 * packages included, so that dist/, schema/ and package.json are all that a host needs. Checks no types: that is
 * `npm run typecheck`. `npm run build -- --maps` writes source maps beside the same code, to read a stack with.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { buildCallTrace } from './src/cli/call-trace/build.js';
import { buildViewer } from './viewer/build.js';

rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: {
    main: 'src/main.ts',
    'api-key': 'src/cli/api-key.ts',
    'simulator/main': 'simulator/main.ts',
    'upstream/signature': 'src/upstream/signature.ts',
  },
  outdir: 'dist',
  bundle: true,
  // What is imported when it is first wanted has a file of its own: nine megabytes of the IDE.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: process.argv.includes('--maps') ? 'external' : false,
  // V8 keeps the text of all code that has run: with its spaces, ten megabytes more. Names stay, for stacks.
  minifyWhitespace: true,
  lineLimit: 160,
  // Packages of the older kind ask for node's own modules by `require`.
  banner: {
    js: "import { createRequire as createRequireOfNode } from 'node:module';\nconst require = createRequireOfNode(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});
for (const { name, bytes } of await buildViewer()) {
  mkdirSync(dirname(`dist/viewer/${name}`), { recursive: true });
  writeFileSync(`dist/viewer/${name}`, bytes);
}
await buildCallTracePackage('dist/call-trace');
// The page holds Preact.
const bundled = [...Object.keys(metafile.inputs), 'node_modules/preact/package.json'];
writeFileSync('dist/LICENSES.txt', licencesOf(bundled));

/** Makes the command line a package of its own, without dependencies: who installs it gets nothing of the gateway. */
async function buildCallTracePackage(folder) {
  mkdirSync(folder, { recursive: true });
  const files = await buildCallTrace(`${folder}/call-trace.js`);
  const { version, license, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const description = 'Draws what happened to a call of the contact centre, in a terminal: asks a call trace gateway.';
  const bin = { 'call-trace': 'call-trace.js' };
  const manifest = { name: 'call-trace', version, description, license, type: 'module', bin, engines };
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(`${folder}/LICENSES.txt`, licencesOf(files));
  copyFileSync('LICENSE', `${folder}/LICENSE`);
}

/** The licences of the packages that the bundle holds, as these ask for. */
function licencesOf(files) {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    const text = files.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim()).join('\n\n');
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * Builds the page: `npm run build` writes it to dist/viewer/, the demo and the tests serve it as it comes. In memory.
 *
 *   index.html       the shell; the gateway puts its settings in
 *   documents.json   the documents that the page asks with, by their SHA-256: a manifest of trusted documents
 *   assets/…         scripts, styles and the icon, each with a hash of its content in its name
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
/** Where the gateway serves what lies in assets/. */
const ASSETS_URL = '/calls/assets/';

export async function buildViewer() {
  const { outputFiles, metafile } = await build({
    entryPoints: { page: `${FOLDER}main.tsx` },
    absWorkingDir: FOLDER,
    outdir: `${FOLDER}out`,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true, // the texts of a language are loaded when it is shown
    format: 'esm',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    loader: { '.graphql': 'text' },
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const assets = outputFiles.map(({ path, contents }) => ({
    name: `assets/${relative(`${FOLDER}out`, path).split(sep).join('/')}`,
    bytes: contents,
  }));
  const icon = read('icon.svg');
  assets.push({ name: `assets/icon-${sha256(icon).slice(0, 8)}.svg`, bytes: icon });
  const [, page] = Object.entries(metafile.outputs).find(
    ([, output]) => output.entryPoint !== undefined && output.cssBundle,
  );
  const script = Object.keys(metafile.outputs).find((path) => metafile.outputs[path] === page);
  const urlOf = (path) => ASSETS_URL + path.split('/').pop();
  const html = read('index.html')
    .toString()
    .replace('{{icon}}', urlOf(assets.at(-1).name))
    .replace('{{style}}', urlOf(page.cssBundle))
    .replace('{{script}}', urlOf(script))
    .replace(/\n\s*/g, '\n');
  return [
    ...assets,
    { name: 'index.html', bytes: Buffer.from(html) },
    { name: 'documents.json', bytes: Buffer.from(JSON.stringify(documents(), null, 2)) },
  ];
}

function documents() {
  const files = readdirSync(`${FOLDER}documents`).sort();
  return Object.fromEntries(
    files.map((file) => read(`documents/${file}`).toString()).map((text) => [sha256(text), text]),
  );
}

function read(path) {
  return readFileSync(`${FOLDER}${path}`);
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

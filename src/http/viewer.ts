import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { CodeTables } from '../call/codes/codes.js';
import { dictionaryRows } from '../graphql/dictionary.js';
import type { ManifestEntry } from '../graphql/trusted-documents.js';
import { VIEWER_HEADERS } from './security-headers.js';
import type { ReplyHeaders } from './send.js';
import { readViewerFiles, type ViewerFile } from './viewer-files.js';

/** What the page is served with. */
export interface ViewerOptions {
  /** Whether browsers may remember the calls that were looked at. */
  readonly history: boolean;
  /** What the page signs in with until its user gives something else. Set in the demo only: it is public. */
  readonly key?: string;
  /** Calls that the start page lists: in the demo. */
  readonly stories?: readonly ViewerStory[];
  /** The path of the reference of the schema, which the page links; null: there is none. */
  readonly reference?: string | null;
  /** The page, if it is not the one that `npm run build` made. */
  readonly files?: readonly ViewerFile[];
}

/** A call that the start page lists. */
export interface ViewerStory {
  readonly vdn: number;
  readonly callId: string;
  /** The month to ask for, `YYYY-MM`; null: the call ID tells it. */
  readonly month: string | null;
  readonly name: string;
  /** In the languages of the page. */
  readonly description: Readonly<Record<'en' | 'zh', string>>;
}

/** The page, ready to be served. */
export interface Viewer {
  /** The shell: the same for every call. */
  readonly shell: ViewerReply;
  /** What it loads, by the name behind `/calls/assets/`. */
  readonly assets: ReadonlyMap<string, ViewerReply>;
  /** The documents it asks with. */
  readonly documents: readonly ManifestEntry[];
}

/** One file in the codings that browsers take. */
export interface ViewerReply {
  readonly headers: ReplyHeaders;
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly br: Buffer;
}

/** Where the files that the shell loads are served. */
export const VIEWER_ASSETS_PATH = '/calls/assets/';

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
};

/**
 * Reads the page and compresses it. `tables`: what codes mean, which the page loads as a file, once for each language.
 * Rejects if the page has not been built.
 */
export async function openViewer(
  { history, key = '', stories = [], reference = null, files }: ViewerOptions,
  tables: CodeTables,
): Promise<Viewer> {
  const built = files ?? (await readViewerFiles());
  const textOf = (wanted: string): string => {
    const file = built.find(({ name }) => name === wanted);
    if (!file) throw new Error(`the page has no file ${wanted}: \`npm run build\` makes it`);
    return Buffer.from(file.bytes).toString();
  };
  const assets = built.flatMap(({ name, bytes }) => {
    const [, asset] = /^assets\/(.+)$/.exec(name) ?? [];
    return asset === undefined ? [] : [{ asset, bytes }];
  });
  const addJson = (name: string, value: unknown): string => {
    const bytes = Buffer.from(JSON.stringify(value));
    const asset = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.json`;
    assets.push({ asset, bytes });
    return `${VIEWER_ASSETS_PATH}${asset}`;
  };
  const settings = {
    history,
    key,
    reference,
    codes: { en: addJson('codes-en', codesIn(tables, 'meaning')), zh: addJson('codes-zh', codesIn(tables, 'zh')) },
    stories: stories.length > 0 ? addJson('stories', stories) : null,
  };
  const shell = textOf('index.html').replace('{{settings}}', () => attributeText(JSON.stringify(settings)));
  const documents = JSON.parse(textOf('documents.json')) as Readonly<Record<string, string>>;
  const replies = assets.map(
    async ({ asset, bytes }) => [asset, await replyOf(TYPES[asset.split('.').at(-1) ?? ''], bytes)] as const,
  );
  return {
    shell: await replyOf('text/html; charset=utf-8', Buffer.from(shell), VIEWER_HEADERS),
    assets: new Map(await Promise.all(replies)),
    documents: Object.entries(documents).map(([id, text]) => ({ id, text })),
  };
}

/** What each code means, as `callCodes` answers it. */
function codesIn(tables: CodeTables, language: 'meaning' | 'zh'): object[] {
  return dictionaryRows(tables, null).map(({ table, code, confidence, [language]: meaning }) => ({
    table,
    code,
    meaning,
    confidence,
  }));
}

/** The name of an asset changes with its content: whoever has it never asks again. */
const FOREVER = { 'cache-control': 'public, max-age=31536000, immutable' };

const [inGzip, inBrotli] = [promisify(gzip), promisify(brotliCompress)];

async function replyOf(
  type = 'application/octet-stream',
  bytes: Uint8Array,
  headers: ReplyHeaders = FOREVER,
): Promise<ViewerReply> {
  const [asGzip, br] = await Promise.all([inGzip(bytes, { level: constants.Z_BEST_COMPRESSION }), inBrotli(bytes)]);
  return {
    headers: { ...headers, 'content-type': type, vary: 'Accept-Encoding' },
    plain: Buffer.from(bytes),
    gzip: asGzip,
    br,
  };
}

function attributeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

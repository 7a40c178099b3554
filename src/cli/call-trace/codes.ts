import { clean, jsonText } from './clean.js';
import { CODES } from './documents.js';
import { EXIT, type ExitCode } from './failure.js';
import type { Ask } from './gateway-client.js';
import type { Style } from './style.js';
import { print, type Terminal } from './terminal.js';
import { padEnd, widthOf, wrap } from './text-width.js';

/** The dictionaries, as they are named on the command line. */
export const TABLES = [
  'media-type',
  'sub-media-type',
  'device-type',
  'call-type',
  'enter-reason',
  'leave-reason',
  'release-cause',
  'result-code',
] as const;
export type Table = (typeof TABLES)[number];

/** How a dictionary can be written. */
export const CODE_OUTPUTS = ['text', 'json', 'ndjson'] as const;

/** What is asked for, and how it is written. */
export interface CodesRequest {
  readonly table: Table;
  /** As on the wire; undefined: all of the table. */
  readonly code: string | undefined;
  readonly language: 'EN' | 'ZH';
  readonly output: (typeof CODE_OUTPUTS)[number];
  readonly width: number;
  readonly style: Style;
}

interface Entry {
  readonly code: number;
  readonly wireCode: string;
  readonly name: string;
  readonly meaning: string;
  readonly confidence: string;
  readonly source: string;
}

/** Prints a dictionary, or one entry of it with where it is known from. Rejects with a Failure. */
export async function showCodes(ask: Ask, request: CodesRequest, { stdout, stderr }: Terminal): Promise<ExitCode> {
  const { table, code, language } = request;
  const data = await ask(CODES, { table: table.toUpperCase().replaceAll('-', '_'), language });
  const all = data['callCodes'] as readonly Entry[];
  const entries = code === undefined ? all : all.filter((entry) => [entry.wireCode, String(entry.code)].includes(code));
  if (entries.length === 0) {
    stderr.write(`The table ${table} has no code ${code ?? ''}: call-trace codes ${table} lists those it has.\n`);
    return EXIT.notFound;
  }
  await print(stdout, write(entries, request));
  return EXIT.found;
}

function write(entries: readonly Entry[], { output, code, width, style }: CodesRequest): string {
  if (output === 'json') return `${jsonText(entries, 2)}\n`;
  if (output === 'ndjson') return entries.map((entry) => `${jsonText(entry)}\n`).join('');
  const lines =
    code === undefined ? listLines(entries, width, style) : entries.flatMap((entry) => entryLines(entry, width, style));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** Columns that a meaning needs beside its name; with fewer it stands below. */
const LEAST_MEANING = 30;

function listLines(entries: readonly Entry[], width: number, style: Style): string[] {
  const codes = Math.max(...entries.map(({ wireCode }) => wireCode.length));
  const names = Math.max(...entries.map(({ name }) => widthOf(clean(name))));
  const beside = codes + names + 4;
  const left = width - beside >= LEAST_MEANING ? beside : codes + 2;
  return entries.flatMap(({ wireCode, name, meaning }) => {
    const head = `${clean(wireCode).padStart(codes)}  `;
    const meanings = wrap(style.plain(clean(meaning)), width - left).map((line) => ' '.repeat(left) + line);
    if (left !== beside) {
      const [first = '', ...more] = wrap(clean(name), width - left);
      return [head + style.bold(first), ...more.map((line) => ' '.repeat(left) + style.bold(line)), ...meanings];
    }
    const [first = '', ...more] = meanings;
    return [head + style.bold(padEnd(clean(name), names)) + first.slice(left - 2), ...more];
  });
}

function entryLines({ wireCode, name, meaning, confidence, source }: Entry, width: number, style: Style): string[] {
  return [
    `${clean(wireCode)} ${style.bold(clean(name))}`,
    ...wrap(style.plain(clean(meaning)), width),
    ...wrap(style.plain(clean(`${confidence} · ${source}`)), width).map(style.dim),
  ];
}

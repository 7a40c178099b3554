import { once } from 'node:events';

/** What the program reads, and where it writes. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  /** Data. */
  readonly stdout: Output;
  /** Words about it: errors, progress. */
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** The machine's time zone: an IANA name. */
  readonly timeZone: string;
}

/** A stream to write to. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  /** Columns of the terminal; undefined where it is none. */
  readonly columns?: number;
  /** Its lines; undefined where it is none. */
  readonly rows?: number;
}

/** Writes a text; fulfils once more can be written. */
export async function print(output: Output, text: string): Promise<void> {
  if (!output.write(text)) await once(output, 'drain');
}

/** Returns whether the locale's characters are UTF-8; where no locale is set they are taken to be ASCII. */
export function isUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(localeOf(env));
}

/** Returns the language of the locale; English for any but Chinese. */
export function languageOf(env: NodeJS.ProcessEnv): 'en' | 'zh' {
  return /^zh\b|^zh_/i.test(localeOf(env, 'LC_MESSAGES')) ? 'zh' : 'en';
}

function localeOf(env: NodeJS.ProcessEnv, category = 'LC_CTYPE'): string {
  return env['LC_ALL'] || env[category] || env['LANG'] || '';
}

/** Returns whether to write in colour: as asked, else as NO_COLOR and FORCE_COLOR say, else if a terminal shows it. */
export function usesColour(
  choice: 'auto' | 'always' | 'never',
  { stdout, env }: Pick<Terminal, 'stdout' | 'env'>,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stdout.isTTY === true && env['TERM'] !== 'dumb';
}

import { readFileSync } from 'node:fs';
import type { Credential } from '../../../client/src/request.js';
import { EXIT, Failure } from './failure.js';

/** Where the gateway is, and who asks. */
export interface Connection {
  /** The address that the operators of the gateway give out, with a slash at the end: the graph and the page lie below. */
  readonly base: URL;
  /** Who asks; undefined where anybody may. */
  readonly credential: Credential | undefined;
}

/** What the command line says of it. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly apiKeyFile?: string;
}

/** Where `npm run demo` listens. */
const DEFAULT_URL = 'http://localhost:4000/';

/** Returns where to ask, and as whom. Throws a Failure that says what to give instead; it shows no credential. */
export function connectionOf(options: ConnectionOptions, env: NodeJS.ProcessEnv): Connection {
  return { base: baseOf(options.url ?? (env['CALL_TRACE_URL'] || undefined)), credential: credentialOf(options, env) };
}

/** Returns the address of the gateway alone: what `open` needs. Throws a Failure as `connectionOf` does. */
export function baseOf(text = DEFAULT_URL): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Failure(
      EXIT.usage,
      'The URL of the gateway must begin with http:// or https://: give --url or CALL_TRACE_URL.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new Failure(
      EXIT.usage,
      'The URL of the gateway must hold no name and no password: give a key with --api-key-file FILE.',
    );
  }
  url.search = '';
  url.hash = '';
  url.pathname = `${url.pathname.replace(/\/(graphql\/?)?$/, '')}/`;
  return url;
}

function credentialOf({ apiKeyFile }: ConnectionOptions, env: NodeJS.ProcessEnv): Connection['credential'] {
  const key = env['CALL_TRACE_API_KEY'];
  const token = env['CALL_TRACE_TOKEN'];
  if (apiKeyFile !== undefined) return { apiKey: checked(readKey(apiKeyFile), `the file ${apiKeyFile}`) };
  if (key && token)
    throw new Failure(EXIT.usage, 'CALL_TRACE_API_KEY and CALL_TRACE_TOKEN are both set: unset one of them.');
  if (key) return { apiKey: checked(key, 'CALL_TRACE_API_KEY') };
  return token ? { token: checked(token, 'CALL_TRACE_TOKEN') } : undefined;
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(EXIT.usage, `The file ${path} of --api-key-file cannot be read (${code ?? 'unknown reason'}).`);
  }
}

/** A header with other characters is refused by fetch in a message that quotes it. */
function checked(value: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new Failure(
    EXIT.usage,
    `What ${source} holds is no key: it must be one line of printable ASCII without spaces.`,
  );
}

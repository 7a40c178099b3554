/** The parts of a Redis address. */
export interface RedisAddress {
  readonly form: 'single' | 'cluster' | 'sentinel';
  readonly tls: boolean;
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The name of the master in Sentinel; empty in the other forms. */
  readonly master: string;
  readonly db: number;
}

const DEFAULT_PORT = { single: 6379, cluster: 6379, sentinel: 26379 };

/**
 * Returns the parts of a Redis address; null if it is invalid. The forms, each with `rediss` for TLS:
 * `redis://[user:password@]host[:port][/db]`, `redis+cluster://[user:password@]host:port,host:port,…`,
 * `redis+sentinel://[user:password@]host:port,host:port,…/master[/db]`.
 */
export function parseRedisUrl(url: string): RedisAddress | null {
  const parts = /^redis(s?)(?:\+(cluster|sentinel))?:\/\/(?:([^@/]*)@)?([^/@]+)(?:\/(.*))?$/.exec(url);
  const credentials = parseCredentials(parts?.[3]);
  if (!parts || !credentials) return null;
  const form = (parts[2] ?? 'single') as RedisAddress['form'];
  const nodes = (parts[4] ?? '').split(',').map((text) => parseNode(text, DEFAULT_PORT[form]));
  const path = parts[5] ? parts[5].split('/') : [];
  const master = form === 'sentinel' ? (path.shift() ?? '') : '';
  const [db = '0', ...rest] = path;
  const isValid =
    nodes.every((node) => node !== null) &&
    (form !== 'single' || nodes.length === 1) &&
    (form !== 'sentinel' || master !== '') &&
    (form === 'cluster' ? path.length === 0 : /^\d{1,4}$/.test(db) && rest.length === 0);
  return isValid ? { form, tls: parts[1] === 's', nodes, ...credentials, master, db: Number(db) } : null;
}

/** Returns the parts of `user:password`, `:password` or `user`, percent-encoded; null if the encoding is invalid. */
export function parseCredentials(text = ''): Pick<RedisAddress, 'username' | 'password'> | null {
  const [username = '', ...password] = text.split(':');
  try {
    return {
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password.join(':')) || undefined,
    };
  } catch {
    return null;
  }
}

function parseNode(text: string, defaultPort: number): { host: string; port: number } | null {
  const parts = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(parts?.[2] ?? defaultPort);
  return parts?.[1] && port >= 1 && port <= 65_535 ? { host: parts[1].replace(/^\[|\]$/g, ''), port } : null;
}

/** Licences under which software may be part of the gateway (SPDX identifiers): all of them let it be used and passed on freely. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/**
 * Single packages under a licence that is not on the list, and why they may stay. @apollo/subgraph, itself under MIT,
 * needs this one: Elastic-2.0 lets it be used, changed and passed on, but not offered to others as a service of its own.
 */
const EXCEPTIONS: Readonly<Record<string, string>> = { '@apollo/federation-internals': 'Elastic-2.0' };

/** A lock file of npm, as far as it concerns us. */
export interface LockFile {
  /** By their places: `node_modules/graphql`; the project itself at the empty one. */
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
}

/**
 * What runs in production and is under no licence of the list, one line each: `name@version: licence`. `read` returns
 * the package.json at a place; undefined if it is not installed, as parts for other systems are not.
 */
export function unlistedLicences(lock: LockFile, read: (place: string) => object | undefined): string[] {
  return Object.entries(lock.packages).flatMap(([place, { version, dev }]) => {
    const manifest = place === '' || dev ? undefined : read(place);
    if (!manifest) return [];
    const licence = licenceOf(manifest);
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return isAllowed(licence) || EXCEPTIONS[name] === licence
      ? []
      : [`${name}@${version ?? '?'}: ${licence || 'no licence'}`];
  });
}

/** Old packages write `{ type }`, or several of those. */
function licenceOf(manifest: { license?: unknown; licenses?: unknown }): string {
  const given = manifest.license ?? manifest.licenses;
  const names = (Array.isArray(given) ? given : [given]).map((one: unknown) =>
    typeof one === 'object' && one !== null ? (one as { type?: unknown }).type : one,
  );
  return names.filter((name) => typeof name === 'string').join(' OR ');
}

/** Of alternatives one must be allowed; of licences that hold together, each. */
function isAllowed(expression: string): boolean {
  const terms = expression.replace(/[()]/g, ' ').split(' OR ');
  return terms.some((term) => term.split(' AND ').every((name) => ALLOWED.has(name.trim())));
}

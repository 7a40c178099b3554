import { readFileSync } from 'node:fs';

/** What runs, as the first line of the log and the metrics tell it. */
export interface BuildInfo {
  /** Of package.json, such as `1.2.0`. */
  readonly version: string;
  /** The commit that the image was built from, as its builder names it; `unknown` if nobody said. */
  readonly revision: string;
  /** Version of Node.js, such as `v24.11.1`. */
  readonly node: string;
}

/**
 * Returns what runs: the version of package.json, which lies beside src/ and beside dist/, into which the build puts
 * this; so this file stands at the top of src/. Throws if package.json is not there.
 */
export function readBuildInfo(revision: string | undefined, node: string): BuildInfo {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return { version, revision: revision ?? 'unknown', node };
}

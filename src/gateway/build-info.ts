import packageJson from '../../package.json' with { type: 'json' };

/** The build that runs, for the first line of the log, /readyz and the metrics. */
export interface BuildInfo {
  /** The version in package.json, such as `1.2.0`. */
  readonly version: string;
  /** The commit that the image was built from; `unknown` if REVISION is not set. */
  readonly revision: string;
  /** The version of Node.js, such as `v24.11.1`. */
  readonly node: string;
}

/** Returns the build that runs. The bundle holds the version, so that no file is read. */
export function buildInfoOf(revision: string | undefined, node: string): BuildInfo {
  return { version: packageJson.version, revision: revision ?? 'unknown', node };
}

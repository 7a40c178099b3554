import { createHash } from 'node:crypto';
import { toldWhole } from './gate.js';
import type { SchemaChange } from './changes.js';
import type { Level } from './levels.js';

const HEAD = `# Changes of the schema

<!-- Written by \`npm run schema:changes\` from schema/released.graphql and what is served; edited by nobody. -->

How to read it, and how to change the schema: [docs/schema-changes.md](docs/schema-changes.md).
`;

const TITLES: readonly (readonly [title: string, levels: readonly Level[]])[] = [
  ['Breaking', ['breaking', 'accepted', 'announced']],
  ['Clients must expect', ['dangerous']],
  ['Added, and what no client notices', ['safe']],
];

/**
 * Returns the changelog with the changes since the last release under *Unreleased*; earlier releases stay as they are.
 * `before`: the changelog as it is; empty: there is none.
 */
export function withUnreleased(before: string, changes: readonly SchemaChange[]): string {
  return [HEAD, `## Unreleased\n\n${told(changes)}`, ...releasesOf(before)].join('\n');
}

/** What a release brings. */
export interface Release {
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Null: it is the first. */
  readonly changes: readonly SchemaChange[] | null;
  /** The text of `schema/released.graphql` from then on. */
  readonly promise: string;
}

/**
 * Returns the changelog of a release, made from the changes that it brings; the first one only says that it promises.
 * Throws Error if the changelog has that version.
 */
export function withRelease(before: string, { version, today, changes, promise }: Release): string {
  const releases = releasesOf(before);
  if (releases.some((release) => release.startsWith(`## ${version} `)))
    throw new Error(`CHANGELOG-SCHEMA.md has version ${version} already: raise it in package.json`);
  const body = changes ? told(changes) : 'The first promise: what `schema/released.graphql` held then.\n';
  const release = `## ${version} (${today})\n\n${body}\nPromise: ${hashOf(promise)}\n`;
  return [HEAD, `## Unreleased\n\n${told([])}`, release, ...releases].join('\n');
}

/** Whether a changelog tells of a release. */
export function hasReleases(changelog: string): boolean {
  return releasesOf(changelog).length > 0;
}

/** Whether a promise is what the newest release of the changelog made: not if either was edited, or the changelog lost its releases. */
export function isPromiseOf(changelog: string, promise: string): boolean {
  const [newest = ''] = releasesOf(changelog);
  return newest.trimEnd().endsWith(`\nPromise: ${hashOf(promise)}`);
}

function hashOf(promise: string): string {
  return `sha256:${createHash('sha256').update(promise).digest('hex')}`;
}

function told(changes: readonly SchemaChange[]): string {
  const parts = TITLES.flatMap(([title, levels]) => {
    const lines = changes.filter(({ level }) => levels.includes(level)).map((change) => `- ${toldWhole(change)}`);
    return lines.length === 0 ? [] : [`### ${title}\n\n${lines.join('\n')}\n`];
  });
  return parts.length === 0 ? 'Nothing.\n' : parts.join('\n');
}

/** The sections of releases, newest first, each ending with a line break. */
function releasesOf(changelog: string): string[] {
  return changelog
    .split(/^(?=## )/m)
    .filter((section) => section.startsWith('## ') && !section.startsWith('## Unreleased'))
    .map((section) => `${section.trimEnd()}\n`);
}

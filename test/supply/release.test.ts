import { describe, expect, it } from '@jest/globals';
import { REQUIREMENTS, versionOf, type SourceTree } from '../../supply/release.js';

/** The files of a tree that is ready for its release. */
const READY: Readonly<Record<string, string>> = {
  'package.json': '{ "version": "1.2.0" }',
  'package-lock.json': `{
  "version": "1.2.0",
  "packages": {
    "": { "version": "1.2.0" },
    "node_modules/ky": { "version": "1.14.3" },
    "node_modules/a/node_modules/ky": { "version": "2.0.0" },
    "node_modules/jest": { "version": "30.0.0", "dev": true }
  }
}`,
  'sbom.json': '{ "components": [{ "name": "ky", "version": "2.0.0" }, { "name": "ky", "version": "1.14.3" }] }',
  'client/package.json': '{\n  "version": "1.2.0",\n}',
  'deploy/helm/call-trace-gateway/Chart.yaml': 'version: 1.2.0\nappVersion: 1.2.0\n',
  'deploy/kustomize/overlays/example/kustomization.yaml': 'images:\n  - { newTag: 1.2.0 }\n',
  'CHANGELOG.md': '# Changes\n\n## Unreleased\n\n## 1.2.0 (2026-12-01)\n\n- New.\n\n## 1.1.0 (2026-11-01)\n\n- Old.\n',
  'CHANGELOG-SCHEMA.md': '# Changes\n\n## Unreleased\n\nNothing.\n\n## 1.2.0 (2026-12-01)\n\nNothing.\n',
  'schema/accepted-changes.json': '[]\n',
  'README.md': '![The page](docs/images/page.png) and `npm install ./call-trace-client-1.2.0.tgz`',
  'docs/viewer.md': '![The page](images/page.png) of `call-trace-gateway:1.2.0`, since 1.0.0',
  'docs/images/page.png': '',
  LICENSE: '',
  'SECURITY.md': '',
  Dockerfile: '',
  '.env.example': '',
  'schema/released.graphql': '',
  'schema/reference.html': '',
  'deploy/prometheus/alerts.yml': '',
  'deploy/grafana/call-trace-gateway.json': '',
  'deploy/kustomize/base/kustomization.yaml': '',
};

/** That tree, with other texts; undefined: without that file. */
function treeWith(
  files: Readonly<Record<string, string | undefined>> = {},
  state: Partial<Pick<SourceTree, 'isDirty' | 'tags'>> = {},
): SourceTree {
  const texts = new Map(Object.entries({ ...READY, ...files }));
  return {
    files: [...texts].flatMap(([path, text]) => (text === undefined ? [] : [path])),
    read: (path) => texts.get(path),
    isDirty: false,
    tags: ['v1.1.0'],
    ...state,
  };
}

const missing = (tree: SourceTree): readonly string[] => REQUIREMENTS.flatMap((one) => one.missing(tree));

describe('what a release must have', () => {
  it('is there in a tree that is ready', () => {
    expect(versionOf(treeWith())).toBe('1.2.0');
    expect(missing(treeWith())).toEqual([]);
  });

  it.each([
    [{ 'client/package.json': '{\n  "version": "1.1.0",\n}' }, 'client/package.json has 1.1.0, package.json 1.2.0'],
    [{ 'client/package.json': undefined }, 'client/package.json has no version, package.json 1.2.0'],
    [
      { 'deploy/helm/call-trace-gateway/Chart.yaml': 'version: 1.2.0\nappVersion: 1.1.0\n' },
      'deploy/helm/call-trace-gateway/Chart.yaml has 1.1.0, package.json 1.2.0',
    ],
    [
      { 'deploy/kustomize/overlays/example/kustomization.yaml': '{ newTag: 1.1.0 }' },
      'deploy/kustomize/overlays/example/kustomization.yaml has 1.1.0, package.json 1.2.0',
    ],
    [{ 'docs/viewer.md': 'docker run call-trace-gateway:1.1.0' }, 'docs/viewer.md has 1.1.0, package.json 1.2.0'],
    [{ 'README.md': 'call-trace-client-1.1.0.tgz' }, 'README.md has 1.1.0, package.json 1.2.0'],
    [
      { 'CHANGELOG.md': '## Unreleased\n\n## 1.1.0 (2026-11-01)\n\n- Old.\n' },
      'CHANGELOG.md has no section "1.2.0 (date)"',
    ],
    [{ 'CHANGELOG.md': '## 1.2.0 (2026-12-01)\n\n' }, 'CHANGELOG.md has no section "1.2.0 (date)"'],
    [
      { 'CHANGELOG.md': '## Unreleased\n\n- Later.\n\n## 1.2.0 (2026-12-01)\n\n- New.\n' },
      'CHANGELOG.md has changes under "Unreleased"',
    ],
    [
      { 'CHANGELOG-SCHEMA.md': '## Unreleased\n\n- A field.\n\n## 1.2.0 (2026-12-01)\n\nNothing.\n' },
      'CHANGELOG-SCHEMA.md has changes under "Unreleased": npm run schema:release',
    ],
    [{ 'schema/accepted-changes.json': '[{}]' }, 'schema/accepted-changes.json is not empty: npm run schema:release'],
    [{ 'schema/released.graphql': undefined }, 'schema/released.graphql is missing'],
    [{ 'README.md': '![Of old](docs/images/old.png)' }, 'docs/images/old.png is missing'],
    [{ 'docs/viewer.md': '![Of old](images/old.png)' }, 'docs/images/old.png is missing'],
    [{ 'sbom.json': undefined }, 'sbom.json is missing or older than package-lock.json: npm run sbom'],
    [
      { 'sbom.json': '{ "components": [{ "name": "ky", "version": "1.14.3" }] }' },
      'sbom.json is missing or older than package-lock.json: npm run sbom',
    ],
  ])('is missed: %j', (files, sentence) => {
    expect(missing(treeWith(files))).toEqual([sentence]);
  });

  it('is missed where the version is tagged, or something is not committed', () => {
    expect(missing(treeWith({}, { tags: ['v1.2.0'] }))).toEqual(['v1.2.0 is tagged already: raise it in package.json']);
    expect(missing(treeWith({}, { isDirty: true }))).toEqual(['git status shows changes']);
  });

  it('includes a version of three numbers', () => {
    expect(missing(treeWith({ 'package.json': '{ "version": "1.2" }' }))).toContain(
      'package.json has the version "1.2", not major.minor.patch',
    );
  });
});

/** The source tree of a release. */
export interface SourceTree {
  /** The paths of all files, but for packages and what is built. */
  readonly files: readonly string[];
  /** Returns the text of a file; undefined if there is none. */
  read(path: string): string | undefined;
  /** Whether git has changes that are not committed. */
  readonly isDirty: boolean;
  /** The tags of git. */
  readonly tags: readonly string[];
}

/** What a release must have. */
export interface Requirement {
  readonly needs: string;
  /** Returns what is missing, a sentence each; none: it is there. */
  missing(tree: SourceTree): readonly string[];
}

const RELEASE = /^\d+\.\d+\.\d+$/;
/** Files without which nobody can install, operate or trust it. */
const FILES = [
  'LICENSE',
  'SECURITY.md',
  'Dockerfile',
  '.env.example',
  'schema/released.graphql',
  'schema/reference.html',
  'deploy/prometheus/alerts.yml',
  'deploy/grafana/call-trace-gateway.json',
  'deploy/helm/call-trace-gateway/Chart.yaml',
  'deploy/kustomize/base/kustomization.yaml',
];

/** What can be told from the files and from git; the other checks are commands. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    needs: 'a version in package.json, with no tag yet',
    missing(tree) {
      const version = versionOf(tree);
      if (!RELEASE.test(version)) return [`package.json has the version "${version}", not major.minor.patch`];
      return tree.tags.includes(`v${version}`) ? [`v${version} is tagged already: raise it in package.json`] : [];
    },
  },
  {
    needs: 'the same version wherever it is repeated',
    missing: (tree) =>
      repeated(tree)
        .filter(({ version }) => version !== versionOf(tree))
        .map(({ where, version }) => `${where} has ${version || 'no version'}, package.json ${versionOf(tree)}`),
  },
  {
    needs: 'a section of CHANGELOG.md for the version, with its date, and nothing left under "Unreleased"',
    missing: (tree) => missingSections(tree, 'CHANGELOG.md', ''),
  },
  {
    needs: 'the schema released: a section of CHANGELOG-SCHEMA.md, and no accepted change left',
    missing(tree) {
      const accepted = JSON.parse(tree.read('schema/accepted-changes.json') ?? '[]') as unknown[];
      const sections = missingSections(tree, 'CHANGELOG-SCHEMA.md', 'Nothing.');
      const told = accepted.length > 0 ? ['schema/accepted-changes.json is not empty'] : [];
      return [...sections, ...told].map((sentence) => `${sentence}: npm run schema:release`);
    },
  },
  {
    needs: 'all files of a release, and the pictures that the docs show',
    missing(tree) {
      const pictures = tree.files.filter(isDoc).flatMap((path) => picturesIn(path, tree.read(path) ?? ''));
      return [...FILES, ...pictures].filter((path) => !tree.files.includes(path)).map((path) => `${path} is missing`);
    },
  },
  {
    needs: 'sbom.json with what package-lock.json has for production',
    missing(tree) {
      const listed = componentsOf(tree.read('sbom.json') ?? '{}');
      const wanted = productionOf(tree.read('package-lock.json') ?? '{}');
      const isSame = String([...new Set(listed)].sort()) === String([...new Set(wanted)].sort());
      return isSame ? [] : ['sbom.json is missing or older than package-lock.json: npm run sbom'];
    },
  },
  {
    needs: 'everything committed',
    missing: ({ isDirty }) => (isDirty ? ['git status shows changes'] : []),
  },
];

/** Returns the version in package.json; empty if there is none. */
export function versionOf(tree: SourceTree): string {
  return (JSON.parse(tree.read('package.json') ?? '{}') as { version?: string }).version ?? '';
}

const isDoc = (path: string): boolean => /^(docs\/)?[\w-]+\.md$/.test(path) && !/^CHANGELOG/.test(path);

interface Repetition {
  readonly where: string;
  readonly version: string;
}

/** The places that repeat the version: manifests, the chart, and commands in the docs that name an image or a package. */
function repeated(tree: SourceTree): Repetition[] {
  const found = (where: string, pattern: RegExp): Repetition[] => {
    const matches = [...(tree.read(where) ?? '').matchAll(pattern)];
    return (matches.length > 0 ? matches : [[]]).map(({ 1: version = '' }) => ({ where, version }));
  };
  const inDocs = tree.files
    .filter(isDoc)
    .flatMap((where) =>
      found(where, /\bcall-trace[a-z-]*[:-](\d+\.\d+\.\d+)/g).filter(({ version }) => version !== ''),
    );
  return [
    ...found('package-lock.json', /^ {2}"version": "(.*)",$/gm),
    ...found('client/package.json', /^ {2}"version": "(.*)",$/gm),
    ...found('deploy/helm/call-trace-gateway/Chart.yaml', /^(?:appV|v)ersion: (\S+)$/gm),
    ...found('deploy/kustomize/overlays/example/kustomization.yaml', /newTag: ([\w.]+)/g),
    ...inDocs,
  ];
}

/** What a changelog lacks: the section of the version, and an *Unreleased* that holds nothing but `nothing`. */
function missingSections(tree: SourceTree, path: string, nothing: string): string[] {
  const sections = (tree.read(path) ?? '').split(/^## /m).slice(1);
  const body = (section: string): string => section.slice(section.indexOf('\n')).trim();
  const heading = new RegExp(`^${versionOf(tree).replaceAll('.', '\\.')} \\(\\d{4}-\\d\\d-\\d\\d\\)\n`);
  const own = sections.find((section) => heading.test(section));
  const unreleased = sections.find((section) => section.startsWith('Unreleased\n'));
  return [
    ...(own && body(own) !== '' ? [] : [`${path} has no section "${versionOf(tree)} (date)"`]),
    ...(unreleased && body(unreleased) !== nothing ? [`${path} has changes under "Unreleased"`] : []),
  ];
}

/** The files of the pictures in a Markdown text, from the root of the tree. */
function picturesIn(path: string, text: string): string[] {
  const pictures = [...text.matchAll(/!\[[^\]]*\]\(([^):]+)\)/g)].map(([, target = '']) => target);
  return pictures.map((target) => (path.startsWith('docs/') ? `docs/${target}` : target));
}

function componentsOf(sbom: string): string[] {
  const { components = [] } = JSON.parse(sbom) as { components?: { name: string; version: string }[] };
  return components.map(({ name, version }) => `${name}@${version}`);
}

/** What runs in production, by a lock file of npm. */
function productionOf(lock: string): string[] {
  const { packages = {} } = JSON.parse(lock) as { packages?: Record<string, { version?: string; dev?: boolean }> };
  return Object.entries(packages)
    .filter(([place, { dev }]) => place !== '' && !dev)
    .map(([place, { version = '' }]) => `${place.slice(place.lastIndexOf('node_modules/') + 13)}@${version}`);
}

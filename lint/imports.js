/**
 * Who may import whom: one ESLint rule for every file of the repository. Used by eslint.config.js; tested in
 * test/lint/imports.test.ts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/**
 * The parts of the tree, from the far end of the path of the data to its near end. A part is a folder or a file; a file
 * belongs to the part with the longest name. `imports`: the parts it may import besides itself; `types`: those of which
 * it may import types alone; `packages`: the packages that no other part of src/ may import; `isLazy`: not even one
 * without limits, for they are loaded only when needed; `any`: no limits.
 */
export const PARTS = {
  // The port of traces: what the stages hand on. Only one folder behind it knows OpenTelemetry.
  'src/tracing': { imports: [] },
  'src/tracing/otel': { imports: ['src/tracing'], packages: ['@opentelemetry/*'], isLazy: true },
  'src/call': { imports: [], types: ['src/tracing'] },
  'src/call/understanding': { imports: ['src/call'], packages: ['intl-messageformat'] },
  'src/upstream': { imports: ['src/call'], types: ['src/tracing'], packages: ['ky', 'undici', 'lossless-json'] },
  'src/cache': { imports: ['src/call'], types: ['src/tracing'] },
  'src/cache/redis': {
    imports: ['src/call', 'src/cache', 'src/cache/redis/address.ts'],
    types: ['src/tracing'],
    packages: ['ioredis'],
  },
  'src/loader.ts': { imports: ['src/call'], packages: ['dataloader'] },
  'src/access': { imports: ['src/call'], packages: ['jose', 'rate-limiter-flexible'] },
  'src/observability': { imports: ['src/call'], types: ['src/tracing'], packages: ['prom-client', 'sonic-boom'] },
  'src/graphql': {
    imports: ['src/call', 'src/call/understanding', 'src/access', 'src/tracing'],
    types: ['src/loader.ts', 'src/observability'],
    packages: ['graphql', '@apollo/*'],
  },
  'src/config': {
    imports: ['src/call', 'src/call/understanding', 'src/access', 'src/cache/redis/address.ts', 'src/tracing'],
    types: ['src/cache', 'src/cache/redis', 'src/upstream', 'src/graphql', 'src/http'],
    packages: ['zod'],
  },
  'src/cache/redis/address.ts': { imports: [] },
  'src/http': {
    imports: ['src/call', 'src/access', 'src/observability', 'src/graphql', 'src/tracing'],
    packages: ['fastify', '@fastify/*', '@apollo/*', '@graphql-yoga/*'],
  },
  'src/gateway': { any: true },
  'src/gateway.ts': { any: true },
  'src/cli': { any: true },
  // Speaks HTTP with the gateway; all of it is bundled into one file.
  'src/cli/call-trace': { imports: ['client'], packages: ['commander', 'picocolors', 'fast-string-width'] },
  'src/main.ts': { any: true },
  'src/demo.ts': { any: true },
  // These speak HTTP with the gateway, or with nobody: they import nothing of src/.
  simulator: { imports: [] },
  viewer: { imports: [] },
  client: { imports: [] },
  examples: { imports: [] },
  deploy: { imports: [] },
  lint: { imports: [] },
  supply: { imports: [] },
  // Tools and tests.
  schema: { any: true },
  docs: { any: true },
  bench: { any: true },
  estate: { any: true },
  test: { any: true },
};

/** Where packages that `packages` names may be imported: by pattern, the parts. */
const OWNERS = Object.entries(PARTS).flatMap(([part, { packages = [], isLazy = false }]) =>
  packages.map((name) => ({ name, part, isLazy })),
);

/** Returns the part that a path lies in (relative, with slashes); `root` for the tools at the top; undefined for no part. */
export function partOf(path) {
  if (/^[^/]+\.js$/.test(path)) return 'root';
  const parts = Object.keys(PARTS).filter((part) => path === part || path.startsWith(`${part}/`));
  return parts.sort((a, b) => b.length - a.length)[0];
}

/** Returns why a file of a part may not import a file; null if it may. Both paths relative to the repository. */
export function problemOf(part, target, isType) {
  const { imports = [], types = [], any = part === 'root' } = PARTS[part] ?? {};
  const targetPart = partOf(target);
  if (any || targetPart === part || imports.includes(targetPart)) return null;
  if (types.includes(targetPart)) return isType ? null : `${part} may import only types of ${targetPart}.`;
  return `${part} may not import ${targetPart ?? target}: see lint/imports.js.`;
}

/** Returns why a file of a part may not import a package; null if it may. */
export function packageProblemOf(part, specifier) {
  const isIt = ({ name }) =>
    name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : `${specifier}/`.startsWith(`${name}/`);
  const found = OWNERS.filter(isIt);
  const owners = found.map((owner) => owner.part);
  const isUnlimited = PARTS[part]?.any && !found.some(({ isLazy }) => isLazy);
  const isFree = owners.length === 0 || owners.includes(part) || !part.startsWith('src/') || isUnlimited;
  return isFree ? null : `Only ${owners.join(' and ')} may import ${specifier}.`;
}

const IMPORT = /\bfrom\s*'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'\s*\)/g;

/** Returns the files that a file imports, types included; none if it cannot be read. `file`: relative to `root`. */
function importsOf(root, file) {
  const path = join(root, file);
  if (!existsSync(path)) return [];
  const specifiers = [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, static_, dynamic]) => static_ ?? dynamic);
  return specifiers.map((specifier) => targetOf(file, specifier));
}

function targetOf(file, specifier) {
  return normalize(join(dirname(file), specifier))
    .split(sep)
    .join('/')
    .replace(/\.js$/, '.ts');
}

/** Returns the way from a file back to itself through imports, types included; null if there is none. */
export function cycleOf(root, file) {
  const cameFrom = new Map();
  const queue = [file];
  for (const at of queue) {
    for (const next of importsOf(root, at)) {
      if (next === file) {
        const way = [file];
        for (let step = at; step !== file; step = cameFrom.get(step)) way.unshift(step);
        return [file, ...way];
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return null;
}

/** Reports imports that PARTS does not allow, circular ones, and files that lie in no part. */
const imports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    const part = partOf(file);
    const report = (node, message) => context.report({ node, message });
    if (part === undefined)
      return { Program: (node) => report(node, `${file} lies in no part of the tree: see PARTS in lint/imports.js.`) };
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const specifiers = node.specifiers ?? [];
      const isType =
        [node.importKind, node.exportKind].includes('type') ||
        (specifiers.length > 0 && specifiers.every(({ importKind }) => importKind === 'type'));
      const problem = specifier.startsWith('.')
        ? problemOf(part, targetOf(file, specifier), isType)
        : packageProblemOf(part, specifier);
      if (problem !== null) report(node, problem);
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      Program(node) {
        const cycle = file.startsWith('src/') ? cycleOf(context.cwd, file) : null;
        if (cycle) report(node, `Circular import: ${cycle.join(' → ')}.`);
      },
    };
  },
};

export const plugin = { rules: { imports } };

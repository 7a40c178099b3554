import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildInstallation } from './installation.js';

/** What the image holds, in a folder of this machine, and how it is run. */
export interface ImageContents {
  /** In place of the image's working directory. */
  readonly folder: string;
  /** The base image. */
  readonly base: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  /** Every file in the folder, by its path there. */
  readonly files: readonly string[];
  remove(): Promise<void>;
}

/** Where the Dockerfile puts everything. */
const WORKDIR = '/app';

/** Does what the last stage of the Dockerfile says, with a build of today in place of the stage that builds. */
export async function unpackImage(): Promise<ImageContents> {
  const text = (await readFile('Dockerfile', 'utf8')).replaceAll(/\\\n\s*/g, '');
  const lines = text.slice(text.lastIndexOf('\nFROM')).split('\n');
  const instructions = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const build = await buildInstallation();
  const folder = await mkdtemp(join(tmpdir(), 'call-trace-image-'));
  for (const copy of instructions('COPY')) {
    const from = /^--from=(\w+) /.exec(copy);
    const [target = '', ...sources] = copy
      .slice(from?.[0].length ?? 0)
      .split(' ')
      .reverse();
    for (const source of await Promise.all(sources.map((pattern) => matching(pattern, from ? build.folder : '.')))) {
      for (const path of source) await copyInto(path, join(folder, target), target);
    }
  }
  await build.remove();
  const here = (words: string): string[] =>
    (JSON.parse(words) as string[]).map((word) => word.replace(`${WORKDIR}/`, `${folder}/`));
  const env = instructions('ENV').flatMap((pairs) =>
    pairs.split(' ').map((pair) => pair.split('=') as [string, string]),
  );
  return {
    folder,
    base: /^ARG NODE_IMAGE=(\S+)/m.exec(text)?.[1] ?? '',
    env: Object.fromEntries(env.filter(([, value]) => !value.includes('$'))),
    command: here(instructions('CMD')[0] ?? '[]'),
    healthCheck: here(/CMD (\[.*\])/.exec(instructions('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]'),
    files: await readdir(folder, { recursive: true }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The paths that a source of COPY stands for: itself, or what a pattern such as `schema/*.graphql` finds. */
async function matching(source: string, root: string): Promise<string[]> {
  const path = source.replace(`${WORKDIR}/`, '');
  const [, parent = '', ending] = /^(.*)\/\*(\.\w+)$/.exec(path) ?? [];
  if (ending === undefined) return [join(root, path)];
  const names = await readdir(join(root, parent));
  return names.filter((name) => name.endsWith(ending)).map((name) => join(root, parent, name));
}

/** As COPY does: what is in a folder, or a file under its name if the target is a folder. */
async function copyInto(path: string, target: string, written: string): Promise<void> {
  const isFolder = written.endsWith('/');
  await mkdir(isFolder ? target : join(target, '..'), { recursive: true });
  await cp(path, isFolder ? join(target, basename(path)) : target, { recursive: true });
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The programs of this step: two versions of Helm, and kubectl. */
export interface Tools {
  readonly helm3: string;
  readonly helm4: string;
  readonly kubectl: string;
}

/** What a program answered. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Fetches the programs, if they are not in the cache; returns their paths. */
export function findTools(): Tools {
  return JSON.parse(output(process.execPath, [pathOf('fetch-tools.mjs')])) as Tools;
}

/** Returns the path of a file of this folder. */
export function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Runs a program to its end, at the root of the repository. */
export function run(program: string, args: readonly string[], input = ''): Run {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** Returns what a program prints. Throws with what it says if it fails. */
export function output(program: string, args: readonly string[], input = ''): string {
  const { code, stdout, stderr } = run(program, args, input);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}:\n${stdout}\n${stderr}`);
  return stdout;
}

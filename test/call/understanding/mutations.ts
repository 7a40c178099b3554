import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One change of one line of the derivation. */
export interface LineMutation {
  /** Path in the repository. */
  readonly file: string;
  /** Range: from 1. */
  readonly line: number;
  /** What the line was, without its indentation. */
  readonly was: string;
  /** The whole line as it becomes. */
  readonly becomes: string;
}

/** Ways to make a line wrong: each place where the first is found gives one mutant, with the second in its place. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/(?<=[\w)\]]) < (?=[\w(-])/g, ' <= '],
  [/(?<=[\w)\]]) <= (?=[\w(-])/g, ' < '],
  [/(?<=[\w)\]]) > (?=[\w(-])/g, ' >= '],
  [/(?<=[\w)\]]) >= (?=[\w(-])/g, ' > '],
  [/(?<=[\w)\]]) - (?=[\w(])/g, ' + '],
  [/(?<=[\w)\]]) \+ (?=[\w(])/g, ' - '],
  [/Math\.min\(/g, 'Math.max('],
  [/Math\.max\(/g, 'Math.min('],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  [/\.some\(/g, '.every('],
  [/\.every\(/g, '.some('],
  [/\.find\(/g, '.findLast('],
  [/\.findLast\(/g, '.find('],
  [/(?<=[\s([])!(?=[\w(])/g, ''],
];

/** A party, a state, a verdict or the like becomes another one of its kind. */
const NEIGHBOURS: readonly (readonly [string, string])[] = [
  ["'CUSTOMER'", "'AGENT'"],
  ["'AGENT'", "'SYSTEM'"],
  ["'SYSTEM'", "'CUSTOMER'"],
  ["'CALLED_PARTY'", "'SYSTEM'"],
  ["'NORMAL'", "'FAULT'"],
  ["'TIMEOUT'", "'FAULT'"],
  ["'FAULT'", "'TIMEOUT'"],
  ["'REJECTED'", "'NORMAL'"],
  ["'HIGH'", "'LOW'"],
  ["'MEDIUM'", "'HIGH'"],
  ["'LOW'", "'HIGH'"],
  ["'QUEUE'", "'IVR'"],
  ["'IVR'", "'QUEUE'"],
  ["'RINGING'", "'QUEUE'"],
  ["'TALKING'", "'OUTSIDE'"],
  ["'OUTSIDE'", "'TALKING'"],
  ["'CONFERENCE'", "'TALKING'"],
];

/** An entry of a table that is left out: the code at its head becomes one that never comes. */
const TABLE_ENTRY = /(?:code: |codes: \[|^\s*\[|[[(, ])(\d+)(?=[,\]])/g;
const NEVER = '987654';

const FOLDER = 'src/call/understanding';

/** Every single-line mutant of the derivation, in the order of the files. */
export function lineMutations(root: string): readonly LineMutation[] {
  const files = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith('.ts') && name !== 'understanding.ts');
  return files.sort().flatMap((name) => mutationsOf(root, `${FOLDER}/${name}`));
}

function mutationsOf(root: string, file: string): readonly LineMutation[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    if (
      /^\s*(\/\/|\*|\/\*|import |export type |export function |function |interface |export interface |readonly |\} from )/.test(
        text,
      ) ||
      /throw |^\s*\w+\?:/.test(text)
    )
      return [];
    return changesOf(text).map((becomes) => ({ file, line: index + 1, was: text.trim(), becomes }));
  });
}

function changesOf(text: string): readonly string[] {
  const changed = new Set<string>();
  const code = text.replace(/ \/\/ .*$/, '');
  const replaceAt = (index: number, length: number, by: string): void => {
    changed.add(code.slice(0, index) + by + code.slice(index + length));
  };
  for (const [from, to] of CHANGES)
    for (const match of code.matchAll(from)) replaceAt(match.index, match[0].length, to);
  for (const [from, to] of NEIGHBOURS)
    for (let at = code.indexOf(from); at >= 0; at = code.indexOf(from, at + 1)) replaceAt(at, from.length, to);
  for (const match of code.matchAll(TABLE_ENTRY)) {
    const digits = match[1] ?? '';
    replaceAt(match.index + match[0].length - digits.length, digits.length, NEVER);
  }
  changed.delete(code);
  return [...changed];
}

/** The text of a file with a mutation in it. */
export function mutatedText(root: string, { file, line, becomes }: LineMutation): string {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  lines[line - 1] = becomes;
  return lines.join('\n');
}

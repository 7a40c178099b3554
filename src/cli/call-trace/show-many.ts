import type { AnsweredCall } from './call.js';
import { jsonText } from './clean.js';
import { CALLS_WHOLE } from './documents.js';
import { EXIT, exitCodeOf, type ExitCode } from './failure.js';
import type { Ask } from './gateway-client.js';
import { parseKeyLine, type CallKey } from './key-line.js';
import { exitCodeAfter, type CallVariables } from './show.js';
import { print, type Terminal } from './terminal.js';

/** Calls of one question: an answer comes once the slowest of them is there. */
const MAX_BATCH = 20;

/** What of several exit codes is told. */
const WORST_FIRST: readonly ExitCode[] = [
  EXIT.usage,
  EXIT.failed,
  EXIT.forbidden,
  EXIT.unavailable,
  EXIT.notFound,
  EXIT.findings,
];

/** What all calls of a run have in common. */
export type ManyVariables = Omit<CallVariables, 'vdn' | 'callId'>;

interface Result extends AnsweredCall {
  readonly __typename: 'Call' | 'CallNotFound' | 'CallProblem';
  readonly code: string;
  readonly retryable: boolean;
}

/**
 * Reads calls, a line each, and writes what the gateway answers of each as a line of JSON, in the same order. Tells on
 * stderr which lines name no call. Returns the worst of what came of them.
 */
export async function showMany(
  ask: Ask,
  { month, ccId, refresh, language, timeZone }: ManyVariables,
  failOnFindings: boolean,
  { stdin, stdout, stderr }: Terminal,
): Promise<ExitCode> {
  const codes = new Set<ExitCode>();
  const showsProgress = stderr.isTTY === true && stdout.isTTY !== true;
  let answered = 0;
  for await (const batch of batchesOf(stdin, (problem) => {
    codes.add(EXIT.usage);
    stderr.write(`${showsProgress ? CLEAR_LINE : ''}${problem}\n`);
  })) {
    const keys = batch.map((key) => ({ month, ccId, ...key }));
    const data = await ask(CALLS_WHOLE, { keys, refresh, language, timeZone });
    for (const result of data['callResults'] as readonly Result[]) {
      codes.add(exitCodeFor(result, failOnFindings));
      await print(stdout, `${jsonText(result)}\n`);
    }
    answered += batch.length;
    if (showsProgress) stderr.write(`${CLEAR_LINE}${answered} calls`);
  }
  if (showsProgress && answered > 0) stderr.write('\n');
  return WORST_FIRST.find((code) => codes.has(code)) ?? EXIT.found;
}

const CLEAR_LINE = '\r\u001b[K';

function exitCodeFor(result: Result, failOnFindings: boolean): ExitCode {
  if (result.__typename === 'CallNotFound') return EXIT.notFound;
  if (result.__typename === 'CallProblem') return exitCodeOf(result);
  const hasWarnings = result.findings.some(({ severity }) => severity === 'WARNING');
  return exitCodeAfter({ hasWarnings }, failOnFindings);
}

/** The calls that lines name, as many at once as have come; `complain` gets a sentence for each line that names none. */
async function* batchesOf(
  input: NodeJS.ReadableStream,
  complain: (problem: string) => void,
): AsyncGenerator<CallKey[]> {
  let rest = '';
  let number = 0;
  const keysOf = (lines: readonly string[]): CallKey[] =>
    lines.flatMap((line) => {
      number += 1;
      const key = parseKeyLine(line);
      if (typeof key !== 'string') return key ?? [];
      // A header is no call, and no mistake.
      if (number > 1 || !/^"?vdn"?,/i.test(line)) complain(`Line ${number} of standard input: ${key}`);
      return [];
    });
  input.setEncoding('utf8');
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* inBatches(keysOf(lines));
  }
  yield* inBatches(keysOf([rest]));
}

function* inBatches(keys: readonly CallKey[]): Generator<CallKey[]> {
  for (let at = 0; at < keys.length; at += MAX_BATCH) yield keys.slice(at, at + MAX_BATCH);
}

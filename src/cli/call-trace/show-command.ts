import { connectionOf, type ConnectionOptions } from './connection.js';
import { EXIT, Failure, type ExitCode } from './failure.js';
import { follow } from './follow.js';
import { createAsk } from './gateway-client.js';
import { lookOf, type LookOptions } from './look.js';
import { exitCodeAfter, lookAt, type OutputForm, type Sight } from './show.js';
import { showMany } from './show-many.js';
import { print, type Terminal } from './terminal.js';

/** The options of `show`. */
export interface ShowOptions extends ConnectionOptions, LookOptions {
  readonly month?: string;
  readonly cc?: number;
  readonly refresh?: true;
  readonly output: OutputForm;
  readonly json?: true;
  readonly timezone?: string;
  readonly quiet?: true;
  readonly story?: true;
  readonly follow?: true;
  readonly failOnFindings?: true;
}

/** Runs `show`. Rejects with a Failure that says what to give instead, or why nothing can be shown. */
export async function runShow(
  vdn: number | '-',
  callId: string | undefined,
  options: ShowOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { env, stdout, stderr, timeZone } = terminal;
  const { language, ...drawing } = lookOf(options, terminal);
  const connection = connectionOf(options, env);
  const patient = createAsk(connection, (sentence) => void stderr.write(`${sentence}\n`));
  const failOnFindings = options.failOnFindings === true;
  const common = {
    month: options.month,
    ccId: options.cc,
    refresh: options.refresh === true,
    language: language === 'zh' ? 'ZH' : 'EN',
    timeZone: options.timezone ?? timeZone,
  } as const;

  if (vdn === '-') {
    refuseForMany(callId, options);
    return showMany(patient, common, failOnFindings, terminal);
  }
  if (callId === undefined) {
    throw new Failure(EXIT.usage, `Give the call ID after the VDN: call-trace show ${vdn} 1749974400-11.`);
  }
  const output = options.json ? 'json' : options.output;
  const wanted = { output, quiet: options.quiet === true, story: options.story === true, drawing };
  const variables = { ...common, vdn, callId };
  let sight;
  if (options.follow) {
    const inPlace = stdout.isTTY === true && output === 'text';
    // Only the first time: from then on the gateway asks when its answer is no longer fresh.
    let refresh = common.refresh;
    const look = (): Promise<Sight | null> => {
      const answer = lookAt(patient, { ...variables, refresh }, wanted);
      refresh = false;
      return answer;
    };
    sight = await follow(look, stdout, inPlace);
  } else {
    sight = await lookAt(createAsk(connection), variables, wanted);
    if (sight !== null) await print(stdout, sight.text);
  }
  if (sight !== null) return exitCodeAfter(sight, failOnFindings);
  const where = options.month === undefined ? '' : ` in ${options.month}`;
  stderr.write(
    `The contact centre knows no call ${callId} of VDN ${vdn}${where}. Check both, or give another --month.\n`,
  );
  return EXIT.notFound;
}

function refuseForMany(callId: string | undefined, options: ShowOptions): void {
  if (callId !== undefined)
    throw new Failure(EXIT.usage, 'With - calls are read from standard input: give no call ID beside it.');
  if (options.follow)
    throw new Failure(EXIT.usage, '--follow takes one call: call-trace show 170 1749974400-11 --follow.');
  const others = options.json || options.quiet || options.story || !['text', 'ndjson'].includes(options.output);
  if (others)
    throw new Failure(EXIT.usage, 'With - calls are written as NDJSON: leave -o, --json, --quiet and --story out.');
}

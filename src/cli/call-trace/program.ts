import { Argument, Command, CommanderError, Option } from 'commander';
import { callIdArgument, integerArgument, monthArgument, timeZoneArgument, vdnArgument } from './arguments.js';
import { CODE_OUTPUTS, showCodes, TABLES, type Table } from './codes.js';
import { baseOf, connectionOf, type ConnectionOptions } from './connection.js';
import { documentManifest } from './documents.js';
import { EXIT, Failure, type ExitCode } from './failure.js';
import { createAsk } from './gateway-client.js';
import { permalink } from './permalink.js';
import { OUTPUTS } from './show.js';
import { runShow, type ShowOptions } from './show-command.js';
import { languageOf, print, type Terminal } from './terminal.js';
import { lookOf, type LookOptions } from './look.js';
import { VERSION } from './version.js';

const EXAMPLES = `Examples:
  call-trace show 170 1749974400-11              what happened to this call
  call-trace show 170 1749974400-11 -l zh -z Asia/Shanghai
  call-trace show 170 1749974400-11 --json | jq .verdict
  call-trace show - < calls.csv                  many calls, vdn,callId a line, as NDJSON
  call-trace codes leave-reason 16               what a code means
`;

const ENVIRONMENT = `
Environment:
  CALL_TRACE_URL       the address of the gateway, unless --url is given; http://localhost:4000 if neither is
  CALL_TRACE_API_KEY   an API key, unless --api-key-file is given
  CALL_TRACE_TOKEN     a token instead of an API key
  NO_COLOR, FORCE_COLOR

Exit codes:
  0 found   1 failed   2 wrong arguments   3 not found   4 not signed in, or not allowed
  5 unavailable, try again later   6 warnings about the records, with --fail-on-findings   130 interrupted
`;

/** Runs a command line, the program's name left out. Returns what the process ends with; never rejects for what a user can do. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.found;
  const program = createProgram(terminal, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // What is wrong is on stderr already; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.found : EXIT.usage;
    if (!(error instanceof Failure)) throw error;
    terminal.stderr.write(`error: ${error.message}\n`);
    return error.exitCode;
  }
}

function createProgram(terminal: Terminal, end: (code: ExitCode) => void): Command {
  const { stdout, stderr, env } = terminal;
  const program = new Command('call-trace')
    .description('What happened to a call of the contact centre: asks a call trace gateway and draws it.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
    })
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', ENVIRONMENT);

  withLook(withConnection(program.command('show')))
    .description('Shows a call, or several from standard input.')
    .argument('<vdn>', 'the virtual call centre, 1 to 5000; - alone: read lines vdn,callId[,month]', vdnArgument)
    .argument('[callId]', 'the call ID, such as 1749974400-11', callIdArgument)
    .option('--month <YYYY-MM>', 'the month of the call, if its ID does not begin with its time', monthArgument)
    .option('--cc <number>', "the call centre, if it is not the gateway's own", integerArgument(1, 65_535))
    .option('--refresh', 'ask the contact centre even if the gateway has an answer')
    .addOption(new Option('-o, --output <form>', 'how to write it').choices(OUTPUTS).default('text'))
    .addOption(new Option('--json', 'as -o json: the object of the graph as it came').conflicts(['output', 'quiet']))
    .addOption(new Option('-z, --timezone <zone>', "IANA name; the machine's if left out").argParser(timeZoneArgument))
    .addOption(new Option('--quiet', 'one line: what the call came to').conflicts('output'))
    .option('--story', 'below the picture, what happened in sentences')
    .option('--follow', 'show it anew as it goes on, until it is over')
    .option('--fail-on-findings', 'exit with 6 if the records raise warnings')
    .action(async (vdn: number | '-', callId: string | undefined, options: ShowOptions) => {
      end(await runShow(vdn, callId, options, terminal));
    });

  withLook(withConnection(program.command('codes')))
    .description('Lists a dictionary of the contact centre, or says what one code means.')
    .addArgument(new Argument('<table>', 'which dictionary').choices(TABLES))
    .argument('[code]', 'one code of it')
    .addOption(new Option('-o, --output <form>', 'how to write it').choices(CODE_OUTPUTS).default('text'))
    .action(async (table: Table, code: string | undefined, options: CodesOptions) => {
      const { style, language, width } = lookOf(options, terminal);
      const request = {
        table,
        code,
        language: language === 'zh' ? 'ZH' : 'EN',
        output: options.output,
        width,
        style,
      } as const;
      end(await showCodes(createAsk(connectionOf(options, env)), request, terminal));
    });

  program
    .command('open')
    .description('Prints the address of the page that shows a call.')
    .argument('<vdn>', 'the virtual call centre, 1 to 5000', vdnArgument)
    .argument('<callId>', 'the call ID', callIdArgument)
    .option('--url <url>', 'the address of the gateway')
    .option('--month <YYYY-MM>', 'the month of the call, if its ID does not begin with its time', monthArgument)
    .option('--cc <number>', "the call centre, if it is not the gateway's own", integerArgument(1, 65_535))
    .option('--leg <number>', 'open this leg', integerArgument(1, 100_000))
    .addOption(new Option('-z, --timezone <zone>', 'IANA name').argParser(timeZoneArgument))
    .addOption(new Option('-l, --lang <language>', 'language of the page').choices(['en', 'zh']))
    .action(async (vdn: number | '-', callId: string, options: OpenOptions) => {
      if (vdn === '-') throw new Failure(EXIT.usage, 'open takes one call: call-trace open 170 1749974400-11.');
      const { month, cc, leg, timezone, lang } = options;
      const base = baseOf(options.url ?? (env['CALL_TRACE_URL'] || undefined));
      const link = permalink(base, vdn, callId, { month, ccId: cc, leg, timeZone: timezone, language: lang });
      await print(stdout, `${link}\n`);
    });

  program
    .command('documents')
    .description('Prints what this program asks, as a manifest for gateways that run only documents they know.')
    .action(() => print(stdout, `${JSON.stringify(documentManifest(), null, 2)}\n`));

  return program;

  function withLook(command: Command): Command {
    return command
      .addOption(new Option('-l, --lang <language>', `language: ${languageOf(env)} if left out`).choices(['en', 'zh']))
      .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
      .option('--ascii', 'draw with ASCII alone; so anyhow where the locale is not UTF-8')
      .option('--width <columns>', "columns; the terminal's if left out, or 100", integerArgument(20, 1_000));
  }
}

function withConnection(command: Command): Command {
  return command
    .option('--url <url>', 'the address of the gateway')
    .option('--api-key-file <file>', 'the file that holds the API key');
}

interface CodesOptions extends ConnectionOptions, LookOptions {
  readonly output: (typeof CODE_OUTPUTS)[number];
}

interface OpenOptions {
  readonly url?: string;
  readonly month?: string;
  readonly cc?: number;
  readonly leg?: number;
  readonly timezone?: string;
  readonly lang?: 'en' | 'zh';
}

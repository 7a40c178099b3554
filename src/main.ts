import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import pino from 'pino';
import { readBuildInfo } from './build-info.js';
import { ConfigError, loadConfig } from './config/config.js';
import { startGateway, type Gateway } from './gateway.js';
import { openDestination, type Destination } from './observability/destination.js';
import { startLineOf } from './start-line.js';

/** The last lines of the log may take so long to be written. Unit: ms. */
const FLUSH_TIMEOUT_MS = 2_000;

/**
 * V8 would put lists that lived long while a gateway was new among the old objects from their birth, for ever. Those of a
 * request then end there, too, and hold what they once pointed at until all is collected: with lists of 25 calls a fifth
 * of what requests leave behind. See docs/performance.md, "Requests".
 */
setFlagsFromString('--no-allocation-site-pretenuring');

/** The production entry: configuration from the environment, one line of JSON per event, exit 0 after SIGTERM. */
try {
  const config = loadConfig(
    process.env,
    (path) => readFileSync(path, 'utf8'),
    Date.now,
    // Nothing is told before a file is read again.
    { info: (...line) => log.info(...line), warn: (...line) => log.warn(...line) },
  );
  if (config.memoryBytes > 0) collectSooner();
  // To read process.stdout makes a pipe there non-blocking, which the destination needs.
  const output = openDestination(process.stdout.fd);
  // A start that failed ends when nothing is left to do: before that, its lines are written.
  process.once('beforeExit', () => void output.flush(FLUSH_TIMEOUT_MS));
  const log: pino.Logger = pino({ level: config.logLevel }, output);
  const build = readBuildInfo(config.revision, process.version);
  log.info(startLineOf(config, build), 'the call trace gateway starts');
  const gateway = await startGateway(config, log, undefined, output);
  log.info({ url: gateway.url }, 'the graph is at /graphql');
  process.on('SIGHUP', gateway.reopenLogs);
  closeOnSignal(gateway, log, output);
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}

/**
 * On a large machine V8 lets traces that nobody holds any more grow to three times what is held before it collects
 * them; here, to once. Unlike a limit of the heap it can be set from within, and never ends the process. Where no traces
 * are held, it would only collect what comes from Redis twice as often. See docs/performance.md, "Memory".
 */
function collectSooner(): void {
  setFlagsFromString('--heap-growing-percent=100');
}

function closeOnSignal(gateway: Gateway, log: pino.Logger, output: Destination): void {
  const close = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'closing: what runs is finished first');
    void gateway
      .close()
      .then(
        () => 0,
        (error: unknown) => {
          log.error({ err: error }, 'could not close in order');
          return 1;
        },
      )
      .then(async (code) => {
        await output.flush(FLUSH_TIMEOUT_MS);
        process.exit(code);
      });
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);
}

import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import pino from 'pino';
import { readBuildInfo } from './build-info.js';
import { ConfigError, loadConfig } from './config/config.js';
import { startGateway, type Gateway } from './gateway.js';
import { createLineStream } from './observability/logs.js';
import { startLineOf } from './start-line.js';

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
    (message) => log.warn(message), // no sooner than a file is read again
  );
  if (config.memoryBytes > 0) collectSooner();
  const lines = createLineStream(null);
  process.once('exit', () => lines.flushSync());
  const log: pino.Logger = pino({ level: config.logLevel }, lines);
  const build = readBuildInfo(config.revision, process.version);
  log.info(startLineOf(config, build), 'the call trace gateway starts');
  const gateway = await startGateway(config, log);
  log.info({ url: gateway.url }, 'the graph is at /graphql');
  closeOnSignal(gateway, log);
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

function closeOnSignal(gateway: Gateway, log: pino.Logger): void {
  const close = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'closing: what runs is finished first');
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not close in order');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);
}

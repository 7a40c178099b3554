import { readFileSync } from 'node:fs';
import pino from 'pino';
import { buildInfoOf } from './gateway/build-info.js';
import { ConfigError, loadConfig } from './config/config.js';
import { startGateway } from './gateway.js';
import { openDestination } from './observability/destination.js';
import { checkFollowable } from './observability/followed-file.js';
import { startLineOf } from './gateway/start-line.js';

/** Limit for writing the last lines of the log. Unit: ms. */
const FLUSH_TIMEOUT_MS = 2_000;

// Reading process.stdout makes a pipe there non-blocking, which the destination needs.
const output = openDestination(process.stdout.fd);
let reopenLogs = (): void => output.reopen();
process.on('SIGHUP', () => reopenLogs());

/** The production entry: configuration from the environment, one line of JSON per event, exit 0 after SIGTERM. */
try {
  const config = loadConfig(
    process.env,
    (path) => readFileSync(path, 'utf8'),
    Date.now,
    // `log` exists by then: the first line comes when a file is read again.
    { info: (...line) => log.info(...line), warn: (...line) => log.warn(...line) },
    checkFollowable,
  );
  const log: pino.Logger = pino({ level: config.logLevel }, output);
  log.info(startLineOf(config, buildInfoOf(config.revision, process.version)), 'the call trace gateway starts');
  const gateway = await startGateway(config, log, undefined, output);
  log.info({ url: gateway.url }, 'the graph is at /graphql');
  reopenLogs = () => {
    output.reopen();
    gateway.reopenLogs();
  };
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return; // a second signal has no effect: running requests are finished
    isStopping = true;
    log.info({ signal }, 'closing: running requests are finished first');
    gateway.close().then(
      () => exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'closing failed');
        void exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack)}\n`);
  await exit(1);
}

async function exit(code: number): Promise<void> {
  await output.flush(FLUSH_TIMEOUT_MS);
  process.exit(code);
}

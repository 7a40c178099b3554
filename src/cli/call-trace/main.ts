import { runProgram } from './program.js';

/** The command line of the gateway's users: `call-trace show 170 1749974400-11`. Asks by HTTP, and imports nothing of the gateway. */
process.once('SIGINT', () => process.exit(130));
// Whoever read the output has read enough: `call-trace … | head -1`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

process.exitCode = await runProgram(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

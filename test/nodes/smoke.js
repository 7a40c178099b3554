/**
 * Runs what `npm run build` made on another Node.js: the gateway in front of the simulated contact centre, and the tools.
 * Throws an Error that says what went wrong.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A program that runs longer is ended. Unit: ms. */
const LIFE_MS = 120_000;
const { version, scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
/** What `npm start` gives to node. */
const FLAGS = scripts.start.match(/--[\w=-]+/g) ?? [];
const COMMAND_LINE = 'dist/call-trace/call-trace.js';
const GRAPH = 'query ($id: ID!) { call(vdn: 170, callId: $id) { callId legs { callIdNum } narrative { headline } } }';

/** Fulfils if all that is built works on this Node.js. `node`: the path of its program. */
export async function smoke(node) {
  const running = [];
  const start = async (args, env, pattern) => {
    const program = spawn(node, args, {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: LIFE_MS,
      killSignal: 'SIGKILL',
    });
    running.push(program);
    return { program, found: await printed(program, pattern) };
  };
  try {
    const centre = await start(
      ['dist/simulator/main.js'],
      { SIMULATOR_PORT: '0' },
      /listens on (http:\S+)[^]*?\n {2}(\S+) {2}/,
    );
    const [, centreUrl, callId] = centre.found;
    const settings = {
      NODE_ENV: 'production',
      PORT: '0',
      HOST: '127.0.0.1',
      DRAIN_MS: '0',
      AUTH_MODE: 'none',
      CMS_BASE_URL: centreUrl,
      CMS_ACCESS_KEY: 'demo-access-key',
      CMS_SECRET_KEY: 'demo-secret-key',
    };
    const gateway = await start([...FLAGS, 'dist/main.js'], settings, /"url":"(http:\/\/[^"]+?)\/?(?:graphql)?"/);
    await answers(gateway.found[1], callId, node);
    const drawn = output(node, [COMMAND_LINE, 'show', '170', callId, '--url', gateway.found[1]]);
    same('what call-trace draws begins with the call', drawn.startsWith(`Call ${callId} · VDN 170`), true);
    gateway.program.kill('SIGTERM');
    const [code] = await once(gateway.program, 'exit');
    same('the exit code of the gateway after SIGTERM', code, 0);
  } finally {
    for (const program of running) program.kill('SIGKILL');
  }
  same('call-trace --version', output(node, [COMMAND_LINE, '--version']), version);
  same('api-key', /^ctg_/m.test(output(node, ['dist/api-key.js', '--name', 'smoke', '--vdns', '1/170'])), true);
}

/** Asks for the call on the standard path and the fast one, and for the metrics. */
async function answers(url, callId, node) {
  for (const time of ['first', 'second']) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: GRAPH, variables: { id: callId } }),
    });
    const { data, errors } = await response.json();
    same(`the ${time} answer`, { callId: data?.call?.callId, errors }, { callId, errors: undefined });
  }
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const [, running] = /^calltrace_build_info\{.*node="([^"]+)"/m.exec(metrics) ?? [];
  same('the Node.js of calltrace_build_info', running, output(node, ['--version']));
}

/** Fulfils with the match once the program has printed it; rejects if it ends before. */
async function printed(program, pattern) {
  let text = '';
  program.stdout.on('data', (chunk) => (text += chunk));
  // By a signal, too, whose code is null.
  const ended = once(program, 'exit').then(([code, signal]) => `with ${code ?? signal}`);
  while (!pattern.test(text)) {
    const reason = await Promise.race([once(program.stdout, 'data').then(() => null), ended]);
    if (reason !== null) throw new Error(`${program.spawnargs.join(' ')} ended ${reason}:\n${text}`);
  }
  return pattern.exec(text);
}

function output(node, args) {
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: exit code ${status}\n${stderr}`);
  return stdout.trim();
}

function same(what, actual, expected) {
  const [is, should] = [actual, expected].map((value) => JSON.stringify(value));
  if (is !== should) throw new Error(`${what} is ${is}, not ${should}`);
}

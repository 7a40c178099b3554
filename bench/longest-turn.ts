/**
 * `npm run bench:turn`: how long the heaviest operations hold the event loop of a gateway: the longest of its turns, the
 * first time that an operation is asked (its calls are fetched, its document is new) and the second.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startSimulator } from '../simulator/simulator.js';
import { environmentFor, ACCESS_KEY, SECRET_KEY } from '../test/support/gateway.js';
import { HEAVY_OPERATIONS, type HeavyOperation } from './heavy-operations.js';

/** No turn should be longer. Unit: ms. */
const GOAL_MS = 50;
const WARM_UP = 3;

const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
const gateway = fork('dist/main.js', {
  env: {
    PATH: process.env['PATH'],
    ...environmentFor(simulator),
    NUMBER_HASH_KEY: 'a key that is long enough for the bench',
    RATE_LIMIT_POINTS_PER_MINUTE: '0',
  },
  execArgv: ['--import', './bench/turn-meter.mjs'],
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
try {
  const url = await urlOf(gateway);
  for (let time = 0; time < WARM_UP; time += 1)
    for (const one of HEAVY_OPERATIONS) await ask(url, withNewText(one, time));
  console.log('| operation | answer | KiB | first time, ms | second time, ms |\n|---|---|---|---|---|');
  for (const one of HEAVY_OPERATIONS) {
    await longestTurn(gateway);
    const { outcome, kib } = await ask(url, one);
    const first = await longestTurn(gateway);
    await ask(url, one);
    const second = await longestTurn(gateway);
    const mark = Math.max(first, second) > GOAL_MS ? ' ←' : '';
    console.log(`| ${one.name} | ${outcome} | ${kib} | ${first.toFixed(1)} | ${second.toFixed(1)}${mark} |`);
  }
} finally {
  gateway.kill('SIGKILL');
  await simulator.close();
}

/** The same operation in a document that nobody has seen. */
function withNewText({ document, ...operation }: HeavyOperation, time: number): HeavyOperation {
  return { ...operation, document: `${document} # ${time}` };
}

async function ask(url: string, { document, variables }: HeavyOperation) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
  });
  const text = await response.text();
  const { errors } = JSON.parse(text) as { errors?: { extensions?: { code?: string } }[] };
  const outcome = errors ? `${response.status} ${errors[0]?.extensions?.code ?? ''}` : String(response.status);
  return { outcome, kib: Math.ceil(text.length / 1024) };
}

/** The longest turn since the last time that this was asked. Unit: ms. */
async function longestTurn(program: ChildProcess): Promise<number> {
  const told = once(program, 'message');
  program.send('longest');
  const [longestMs] = (await told) as [number];
  return longestMs;
}

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  let printed = '';
  for await (const chunk of stdout ?? []) {
    printed += String(chunk);
    const [, url] = /"url":"(http:\/\/[\d.]+:\d+)/.exec(printed) ?? [];
    if (url !== undefined) {
      stdout?.resume();
      return url;
    }
  }
  throw new Error(`the gateway did not start:\n${printed}`);
}

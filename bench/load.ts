import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuSeconds, runs } from './machine.js';
import { startProgram } from './program.js';

/** What a load is: the same requests over and over, in turn, over connections that stay open. */
export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Unit: ms. */
  readonly p99Ms: number;
  /** Share of one core that the server used, and the generator; null where the system does not tell. */
  readonly serverCpu: number | null;
  readonly loadCpu: number | null;
  /** Answers with another status than 200, and requests without an answer. */
  readonly failures: number;
}

/** Puts load on a server. */
export interface LoadGenerator {
  readonly name: string;
  run(load: Load, serverPid: number): Promise<LoadResult>;
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
const AUTOCANNON = fileURLToPath(new URL('autocannon.mjs', import.meta.url));

/** wrk, or autocannon where there is no wrk; on these cores. */
export function createLoadGenerator(folder: string, cores: string | undefined): LoadGenerator {
  const hasWrk = runs('sh', ['-c', 'command -v wrk']);
  return {
    name: hasWrk ? 'wrk' : 'autocannon',
    async run(load, serverPid) {
      const command = hasWrk ? wrkCommand(load, folder) : autocannonCommand(load, folder);
      const output = join(folder, 'load.txt');
      const generator = startProgram(command, {}, output, cores);
      const serverBefore = cpuSeconds(serverPid);
      const startedAt = performance.now();
      let generatorCpu: number | null = null;
      while (generator.running) {
        generatorCpu = cpuSeconds(generator.pid) ?? generatorCpu;
        await pause(50);
      }
      const seconds = (performance.now() - startedAt) / 1000;
      const share = (used: number | null): number | null => (used === null ? null : used / seconds);
      const serverAfter = cpuSeconds(serverPid);
      const used = serverBefore === null || serverAfter === null ? null : serverAfter - serverBefore;
      const figures = (hasWrk ? readWrk : readAutocannon)(readFileSync(output, 'utf8'));
      return { ...figures, serverCpu: share(used), loadCpu: share(generatorCpu) };
    },
  };
}

function wrkCommand({ url, headers, bodies, connections, seconds }: Load, folder: string): string[] {
  const script = join(folder, 'load.lua');
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  );
  const bodiesFile = join(folder, 'bodies.txt');
  writeFileSync(bodiesFile, `${bodies.join('\n')}\n`);
  writeFileSync(
    script,
    `wrk.method = "POST"
${lines.join('\n')}
local requests, next = {}, 0
init = function()
  for body in io.lines(${JSON.stringify(bodiesFile)}) do requests[#requests + 1] = wrk.format(nil, nil, nil, body) end
end
request = function()
  next = next % #requests + 1
  return requests[next]
end
`,
  );
  return ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', '-s', script, url];
}

function readWrk(text: string): Pick<LoadResult, 'requestsPerSecond' | 'p99Ms' | 'failures'> {
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(text)?.[1];
  const [, p99, unit = ''] = /99%\s+([\d.]+)(us|ms|s|m)/.exec(text) ?? [];
  if (rate === undefined || p99 === undefined) throw new Error(`wrk failed: ${text.trim().slice(-300)}`);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  const lost = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? [];
  return {
    requestsPerSecond: Number(rate),
    p99Ms: Number(p99) * (MS_PER_UNIT[unit] ?? 1),
    failures: lost.reduce((sum, count) => sum + Number(count), refused),
  };
}

function autocannonCommand({ bodies, headers, ...load }: Load, folder: string): string[] {
  const file = join(folder, 'load.json');
  const requests = bodies.map((body) => ({ body }));
  writeFileSync(
    file,
    JSON.stringify({ ...load, requests, headers: { 'content-type': 'application/json', ...headers } }),
  );
  return [process.execPath, AUTOCANNON, file];
}

function readAutocannon(text: string): Pick<LoadResult, 'requestsPerSecond' | 'p99Ms' | 'failures'> {
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Pick<
    LoadResult,
    'requestsPerSecond' | 'p99Ms' | 'failures'
  >;
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphqlBody } from '../../test/support/client.js';
import { startProgram } from '../../test/support/gateway-process.js';
import { compose, neighbour, NEIGHBOURS, subgraph } from './compose.js';
import { startProduction, type Production } from './production.js';
import { startRecorder, type Recorder } from './recorder.js';

/** The routers: a file in routers/ for each. */
export const ROUTERS = ['hive', 'apollo'] as const;
export type RouterName = (typeof ROUTERS)[number];

/** The gateway, its neighbours, and the routers in front of them. */
export interface Estate extends Production {
  /** What the routers have asked of each subgraph, by its name. */
  readonly recorders: Readonly<Record<string, Recorder>>;
  /** Sends an operation to a router, with the API key `whole` unless `headers` say otherwise. */
  ask(router: RouterName, operation: Operation, headers?: Readonly<Record<string, string>>): Promise<GraphqlBody>;
}

export interface Operation {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Starts all of it. `settings`: of the gateway. The routers run on the supergraph that is composed of what the gateway serves now. */
export async function startEstate(settings: Readonly<Record<string, string>> = {}): Promise<Estate> {
  const production = await startProduction(settings);
  const services = await Promise.all(
    NEIGHBOURS.map((name) => startProgram('estate/federation/subgraphs/serve.mjs', { SUBGRAPH: name })),
  );
  const targets = [['calls', production.url], ...NEIGHBOURS.map((name, index) => [name, services[index]?.url])];
  const recorders = Object.fromEntries(
    await Promise.all(
      targets.map(async ([name = '', target = '']) => [name, await startRecorder(target)] as [string, Recorder]),
    ),
  );
  const own = [subgraph('calls', await production.sdl()), ...NEIGHBOURS.map((name) => neighbour(name))];
  const [composed] = compose(own.map((one) => ({ ...one, url: recorders[one.name]?.url ?? '' })));
  const folder = mkdtempSync(join(tmpdir(), 'estate-'));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, composed?.apollo.supergraph ?? '');
  const routers = await Promise.all(
    ROUTERS.map((name) => startProgram(`estate/federation/routers/${name}.mjs`, { SUPERGRAPH: file })),
  );
  return {
    ...production,
    recorders,
    async ask(router, { document, variables }, headers = { 'x-api-key': production.keys.whole }) {
      const url = routers[ROUTERS.indexOf(router)]?.url ?? '';
      const response = await fetch(`${url}/${router === 'hive' ? 'graphql' : ''}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: document, variables }),
      });
      return (await response.json()) as GraphqlBody;
    },
    async close() {
      await Promise.all([...routers, ...services].map((program) => program.kill()));
      await Promise.all(Object.values(recorders).map((recorder) => recorder.close()));
      await production.close();
      rmSync(folder, { recursive: true });
    },
  };
}

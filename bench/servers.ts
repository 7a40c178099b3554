import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { post, type Target } from './ask.js';
import type { Cores } from './machine.js';
import { ours, REDIS_ONLY_FLAGS, type Credentials, type Ours, type Variant } from './ours.js';
import { freePort } from '../test/support/free-port.js';
import { startProgram, type Program } from './program.js';
import {
  DOCUMENT_A,
  DOCUMENT_B,
  newKey,
  questionsA,
  REST_DOCUMENT_A,
  REST_DOCUMENT_B,
  type Question,
} from './questions.js';

/** One server of the comparison. */
export interface Server {
  readonly name: string;
  readonly title: string;
  /** It has an upstream, so that it can be asked what it does not know yet. */
  readonly hasUpstream: boolean;
  /** Ours: it asks the simulator itself, signed; the others ask the REST service. */
  readonly ours: boolean;
  start(surroundings: Surroundings): Promise<StartedServer>;
}

/** A server that answers. */
export interface StartedServer extends Target {
  readonly program: Program;
}

/** What the servers stand in. */
export interface Surroundings {
  readonly restUrl: string;
  readonly contactCentreUrl: string;
  readonly redisUrl: string;
  readonly credentials: Credentials;
  /** Folder for what the bench writes. */
  readonly folder: string;
  readonly cores: Cores | null;
  /** File for the plain server: answers by request. */
  readonly answersFile: string;
}

/** What a gateway of this project stands in. */
export interface OurSurroundings extends Pick<Surroundings, 'contactCentreUrl' | 'credentials' | 'folder' | 'cores'> {
  /** Its program, if not that of this tree. */
  readonly main?: string | undefined;
}

const START_MS = 30_000;

/** All servers, in the order of the table. */
export const SERVERS: readonly Server[] = [
  peer('plain-memory', 'plain `node:http`, ready bytes from memory (the limit)', { hasUpstream: false }),
  peer('plain-turn', 'the same, its replies of one turn sent at its end', {
    hasUpstream: false,
    program: 'plain-memory',
    env: { END_OF_TURN: 'true' },
  }),
  peer('mercurius', 'mercurius + graphql-jit + in-process LRU'),
  peer('yoga', 'graphql-yoga, response cache in memory'),
  peer('hive-gateway', 'Hive Gateway, response cache in memory (json-schema over REST)', {
    bodyOf: (kind, { variables }) =>
      JSON.stringify({ query: kind === 'A' ? REST_DOCUMENT_A : REST_DOCUMENT_B, variables: { input: variables } }),
  }),
  peer('apollo-standalone', '@apollo/server standalone, DataLoader, Redis, LRU', { path: '/' }),
  peer('apollo-standalone-redis', '@apollo/server standalone, DataLoader, Redis, its LRU off', {
    path: '/',
    program: 'apollo-standalone',
    env: { LRU: 'off' },
    flags: REDIS_ONLY_FLAGS,
  }),
  peer('apollo-fastify', '@apollo/server, fastify integration, DataLoader, Redis'),
  gateway('ours-memory', '**ours**, warm in memory', () => ({ cache: 'memory', by: 'api-key' })),
  gateway('ours-jwt', '**ours**, warm in memory, clients by JWT', () => ({ cache: 'memory', by: 'jwt' })),
  gateway('ours-redis', '**ours**, warm in Redis but not in memory', ({ redisUrl }) => ({
    cache: { redisUrl },
    by: 'api-key',
  })),
];

/** The text of a request in the product's graph. */
export function bodyOf(kind: 'A' | 'B', { variables }: Question): string {
  return JSON.stringify({ query: kind === 'A' ? DOCUMENT_A : DOCUMENT_B, variables });
}

/** Starts the gateway of this project in one variant, with changes to its environment; fulfils once it answers. */
export function startOurs(
  variant: Variant,
  surroundings: OurSurroundings,
  changes: Readonly<Record<string, string>> = {},
): Promise<StartedServer> {
  const { env, ...how } = ours(surroundings.contactCentreUrl, surroundings.credentials, variant, surroundings.main);
  const asked = { path: '/graphql', headers: how.headers, bodyOf, name: 'ours' };
  return start({ ...how, env: { ...env, ...changes } }, asked, surroundings);
}

/** How a peer differs from most. */
interface PeerOptions {
  readonly hasUpstream?: boolean;
  readonly path?: string;
  readonly bodyOf?: Target['bodyOf'];
  /** Its file in `peers/`, if that has another name. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of Node. */
  readonly flags?: readonly string[];
}

function peer(name: string, title: string, special: PeerOptions = {}): Server {
  const program = fileURLToPath(new URL(`peers/${special.program ?? name}.mjs`, import.meta.url));
  const { path = '/graphql', hasUpstream = true } = special;
  return {
    name,
    title,
    hasUpstream,
    ours: false,
    start: (surroundings) => {
      const env = {
        NODE_ENV: 'production',
        REST_URL: surroundings.restUrl,
        REDIS_URL: `${surroundings.redisUrl}/${1 + SERVERS.findIndex((server) => server.name === name)}`,
        FOLDER: surroundings.folder,
        ANSWERS_FILE: surroundings.answersFile,
        ...special.env,
      };
      const how = { command: [process.execPath, ...(special.flags ?? []), program], env, headers: {} };
      return start(how, { path, headers: {}, bodyOf: special.bodyOf ?? bodyOf, name }, surroundings);
    },
  };
}

function gateway(name: string, title: string, variant: (surroundings: Surroundings) => Variant): Server {
  return {
    name,
    title,
    hasUpstream: true,
    ours: true,
    start: (surroundings) => startOurs(variant(surroundings), surroundings),
  };
}

/** Fulfils once the first question is answered. Rejects with the program's last words if it is not. */
async function start(
  { command, env }: Ours,
  asked: Pick<Target, 'headers' | 'bodyOf'> & { readonly path: string; readonly name: string },
  { folder, cores }: Pick<Surroundings, 'folder' | 'cores'>,
): Promise<StartedServer> {
  const port = await freePort();
  const output = join(folder, `${asked.name}-${port}.log`);
  const program = startProgram(command, { ...env, PORT: String(port) }, output, cores?.server);
  const server = { ...asked, program, url: `http://127.0.0.1:${port}${asked.path}` };
  const [question] = questionsA([newKey(0)]);
  const startedAt = performance.now();
  for (;;) {
    try {
      await post(server.url, server.bodyOf('A', question as Question), server.headers);
      return server;
    } catch (error) {
      if (program.running && performance.now() - startedAt < START_MS) {
        await pause(10);
        continue;
      }
      const words = program.lastWords();
      await program.stop();
      throw new Error(`it did not start: ${words === '' ? String(error) : words}`, { cause: error });
    }
  }
}

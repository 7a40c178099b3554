import { readFile } from 'node:fs/promises';
import jsonata from 'jsonata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createApiKey } from '../../src/access/new-api-key.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { startProgram } from '../support/program.js';

/** What a program printed, and its exit code. */
interface Run {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly complaints: string;
}

const REFUSED_KEY = /^ticket-7: BAD_USER_INPUT: callId does not begin with the time of the call/;

let gateway: TestGateway;
let apiKey: string;
beforeEach(async () => {
  const { key, entry } = createApiKey({ name: 'dashboard', vdns: '1/170' }, () => 0);
  apiKey = key;
  const settings = { NODE_ENV: 'production', AUTH_MODE: 'api-key', ANONYMOUS_SCOPES: '', API_KEYS_FILE: 'keys.json' };
  gateway = await startTestGateway(settings, { 'keys.json': JSON.stringify([entry]) });
});
afterEach(() => gateway.close());

async function run(command: string, file: string, key = apiKey): Promise<Run> {
  const program = startProgram(command, [`examples/clients/${file}`, `${gateway.url}/graphql`], {
    // Libraries warn of mistakes in development only.
    env: { API_KEY: key, NODE_ENV: 'development' },
  });
  const [code] = await program.ended;
  return { code, lines: program.stdout().trim().split('\n'), complaints: program.stderr() };
}

const runNode = (file: string, key?: string): Promise<Run> => run(process.execPath, file, key);

/** Method, status and outcomes of each request, as the gateway has logged them. */
function requests(): string[] {
  const lines = gateway.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.flatMap(({ msg, method, operation, outcomes, refused }) =>
    msg === 'request' ? [[method, operation, outcomes, refused].flat().filter(Boolean).join(' ')] : [],
  );
}

describe('the client for Apollo Client', () => {
  it('shows each call of a list, and opens one of them from its cache', async () => {
    const { code, lines, complaints } = await runNode('apollo-client.mjs');
    expect(complaints).toBe('');
    expect(code).toBe(0);
    expect(lines).toEqual([
      '1700000000-2: IVR > SKILL_QUEUE > AGENT, ended by CUSTOMER',
      '1700000000-10: IVR > SKILL_QUEUE > AGENT, in progress',
      '1700000000-404: not found',
      expect.stringMatching(REFUSED_KEY),
      expect.stringMatching(/^ask again in \d+ s$/),
      'from the cache: 1700000000-2, ended by CUSTOMER',
      'code: BAD_USER_INPUT',
    ]);
    expect(requests().filter((request) => request.includes('CallDetail'))).toEqual([]);
  });

  it('sends a document once, and its hash by GET from then on', async () => {
    await runNode('apollo-client.mjs');
    expect(requests()).toEqual([
      'GET PERSISTED_QUERY_NOT_FOUND',
      'POST CallList BAD_USER_INPUT',
      'GET PERSISTED_QUERY_NOT_FOUND',
      'POST OneCall BAD_USER_INPUT',
    ]);
    await runNode('apollo-client.mjs');
    expect(requests().slice(4)).toEqual(['GET CallList BAD_USER_INPUT', 'GET OneCall BAD_USER_INPUT']);
  });
});

describe('the client for urql', () => {
  it('shows each call of a list, and opens one of them from its cache', async () => {
    const { code, lines, complaints } = await runNode('urql.mjs');
    expect(complaints).toBe('');
    expect(code).toBe(0);
    expect(lines).toEqual([
      '1700000000-2: IVR > SKILL_QUEUE > AGENT, ended by CUSTOMER',
      '1700000000-10: IVR > SKILL_QUEUE > AGENT, in progress',
      '1700000000-404: not found',
      expect.stringMatching(REFUSED_KEY),
      'from the cache: 1700000000-2, ended by CUSTOMER',
      'code: BAD_USER_INPUT',
    ]);
    expect(requests()).toEqual(['POST CallList BAD_USER_INPUT', 'POST OneCall BAD_USER_INPUT']);
  });
});

describe('the client for graphql-request', () => {
  it('shows the calls that were answered beside the one that failed, and the code of a refusal', async () => {
    const { code, lines, complaints } = await runNode('graphql-request.mjs');
    expect(complaints).toBe('');
    expect(code).toBe(0);
    expect(lines).toEqual([
      '1700000000-2: IVR > SKILL_QUEUE > AGENT, ended by CUSTOMER',
      '1700000000-10: IVR > SKILL_QUEUE > AGENT, in progress',
      '1700000000-404: not found',
      expect.stringMatching(REFUSED_KEY),
      'status 401, code: UNAUTHENTICATED',
    ]);
  });
});

describe('the client with fetch', () => {
  const early = [
    '1700000000-3: IVR > SKILL_QUEUE, 80 s, ended by CUSTOMER',
    '1700000000-10: IVR > SKILL_QUEUE > AGENT, in progress',
    '1700000000-404: not found',
    expect.stringMatching(REFUSED_KEY),
  ];
  const slow = '1700000000-2: IVR > SKILL_QUEUE > AGENT, 185 s, ended by CUSTOMER';
  const pause = expect.stringMatching(/^ask again in \d+ s$/);

  it('shows each call of a list', async () => {
    const { code, lines, complaints } = await runNode('fetch.mjs');
    expect(complaints).toBe('');
    expect(code).toBe(0);
    expect(lines).toEqual([slow, ...early, pause]);
  });

  it('shows the calls that are there first, where one is slow', async () => {
    gateway.simulator.configure({ fault: 'hang-before-headers', faultCallIds: ['1700000000-2'], faultCount: 1 });
    const { lines } = await runNode('fetch.mjs');
    expect(lines).toEqual([...early, slow, pause]);
  });

  it('says the code of a request that is refused', async () => {
    const { code, complaints } = await runNode('fetch.mjs', 'ctg_not-a-key');
    expect(complaints).toContain('HTTP 401, UNAUTHENTICATED');
    expect(code).toBe(1);
  });
});

describe("the client with Python's standard library", () => {
  it('shows each call of a list', async () => {
    const { code, lines, complaints } = await run('python3', 'python.py');
    expect(complaints).toBe('');
    expect(code).toBe(0);
    expect(lines).toEqual([
      '1700000000-2: ANSWERED, 185 s, ended by CUSTOMER',
      '1700000000-3: ABANDONED_IN_QUEUE, 80 s, ended by CUSTOMER',
      '1700000000-10: in progress',
      '1700000000-404: not found',
      expect.stringMatching(REFUSED_KEY),
    ]);
  });

  it('says the code of a request that is refused', async () => {
    const { code, complaints } = await run('python3', 'python.py', 'ctg_not-a-key');
    expect(complaints).toMatch(/^HTTP 401: UNAUTHENTICATED: /);
    expect(code).toBe(1);
  });
});

describe("the query for Grafana's Infinity data source", () => {
  it('makes a table of the answer: a row for each call, a value for each column', async () => {
    const query = JSON.parse(await readFile('examples/clients/grafana-infinity.json', 'utf8')) as InfinityQuery;
    const { body_graphql_query: text, body_graphql_variables: variables } = query.url_options;
    const { body } = await gateway.query(text, JSON.parse(variables) as Record<string, unknown>, {
      'x-api-key': apiKey,
    });
    const rows = (await jsonata(query.root_selector).evaluate(body)) as readonly Readonly<Record<string, unknown>>[];
    expect(rows.map((row) => query.columns.map(({ selector }) => row[selector]))).toEqual([
      ['1700000000-2', 'ANSWERED', '2023-11-14T22:13:20.000Z', 185, 37, 123, 'CUSTOMER'],
      ['1700000000-3', 'ABANDONED_IN_QUEUE', '2023-11-14T22:13:20.000Z', 80, 60, 0, 'CUSTOMER'],
      ['1700000000-404', 'NOT_FOUND', undefined, null, null, null, undefined],
      ['ticket-7', 'BAD_USER_INPUT', undefined, null, null, null, undefined],
    ]);
  });
});

/** What the data source sends, and how it reads the answer. */
interface InfinityQuery {
  readonly url_options: { readonly body_graphql_query: string; readonly body_graphql_variables: string };
  readonly root_selector: string;
  readonly columns: readonly { readonly selector: string }[];
}

describe('the client with curl', () => {
  it('prints the answer', async () => {
    const { code, lines } = await run('sh', 'curl.sh');
    expect(code).toBe(0);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({
      data: { call: { endedBy: 'CUSTOMER', legs: [{ deviceType: 'IVR' }, {}, {}] } },
    });
  });

  it('prints the refusal, and fails', async () => {
    const { code, lines } = await run('sh', 'curl.sh', 'ctg_not-a-key');
    expect(code).toBe(22);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createApiKey } from '../../../src/access/new-api-key.js';
import { ERROR_CODES } from '../../../src/call/error-codes.js';
import { createCallTraceClient, type CallTraceClientOptions } from '../../../client/src/client.js';
import { isKnownErrorCode } from '../../../client/src/errors.js';
import { CALL_ERROR_CODES, callCodesDocument } from '../../../client/src/generated.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

const MANIFEST = readFileSync('client/persisted-documents.json', 'utf8');

describe('the typed client, and a gateway that runs only its documents', () => {
  const { key, entry } = createApiKey({ name: 'tickets', vdns: '1/170' }, () => 0);
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway(
      {
        NODE_ENV: 'production',
        AUTH_MODE: 'api-key',
        ANONYMOUS_SCOPES: '',
        API_KEYS_FILE: 'keys.json',
        TRUSTED_DOCUMENTS: 'enforce',
        TRUSTED_DOCUMENTS_FILE: 'manifest.json',
      },
      { 'keys.json': JSON.stringify([entry]), 'manifest.json': MANIFEST },
    );
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.simulator.reset());

  const clientWith = (options: Partial<CallTraceClientOptions> = {}): ReturnType<typeof createCallTraceClient> =>
    createCallTraceClient({ url: `${gateway.url}/graphql`, credential: { apiKey: key }, pauseMs: 1, ...options });
  const requests = (): Record<string, unknown>[] =>
    gateway.logLines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'request');

  it.each(['text', 'id'] as const)('brings a call, asked by the %s of the document', async (documents) => {
    const call = await clientWith({ documents }).call({ vdn: 170, callId: '1749974400-11' }, { language: 'ZH' });
    expect(call).toMatchObject({ callId: '1749974400-11', month: '2025-06', verdict: 'ANSWERED', complete: true });
    expect(call?.legs.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
    expect(call?.narrative.headline).toMatch(/^座席 2001 /);
  });

  it('brings null for a call that is not found', async () => {
    await expect(clientWith().call({ vdn: 170, callId: '1749974400-404' })).resolves.toBeNull();
  });

  it('brings a dictionary', async () => {
    const { data, errors } = await clientWith().ask(callCodesDocument, { table: 'LEAVE_REASON', language: 'EN' });
    expect(data.callCodes.find(({ code }) => code === 16)?.name).toBe('AGENT_RELEASED');
    expect(errors).toEqual([]);
  });

  it('rejects for a call that may not be asked for, with what the gateway says of it', async () => {
    const asked = clientWith().call({ vdn: 171, callId: '1749974400-11' }, { requestId: 'ticket-7' });
    await expect(asked).rejects.toMatchObject({
      kind: 'gateway',
      code: 'FORBIDDEN',
      path: ['call'],
      retryable: false,
      requestId: 'ticket-7',
    });
  });

  it('names the argument that is wrong', async () => {
    const asked = clientWith().call({ vdn: 170, callId: 'ticket-7' });
    await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT', argument: 'logDate' });
  });

  it('asks again where the contact centre fails for a moment, and says so where it goes on', async () => {
    gateway.simulator.configure({ fault: 'http-503', faultCount: 1 });
    const retried: string[] = [];
    const client = clientWith({ onRetry: ({ code }) => void retried.push(code) });
    await expect(client.call({ vdn: 170, callId: newCallId() })).resolves.toMatchObject({ complete: true });
    expect(retried).toEqual(['UPSTREAM_UNAVAILABLE']);
    gateway.simulator.configure({ fault: 'http-503' });
    await expect(client.call({ vdn: 170, callId: newCallId() })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
    expect(retried.length).toBeGreaterThan(1);
  });

  it('splits 450 keys into three operations, and answers in the order of the keys', async () => {
    const before = requests().length;
    const keys = Array.from({ length: 450 }, (_, index) => ({ vdn: 170, callId: `${1_736_100_000 + (index % 45)}-3` }));
    const results = await clientWith().calls(keys);
    expect(results.map(({ key }) => key)).toEqual(keys);
    expect(results.map((result) => (result.status === 'found' ? result.call.callId : result.status))).toEqual(
      keys.map(({ callId }) => callId),
    );
    expect(requests().length - before).toBe(3);
  });

  it('asks nothing for no keys', async () => {
    const before = requests().length;
    await expect(clientWith().calls([])).resolves.toEqual([]);
    expect(requests().length).toBe(before);
  });

  it('tells keys that were not found, or failed, from those that were found', async () => {
    const callIds = ['1749974400-11', '1749974400-404', 'ticket-7'];
    const results = await clientWith().calls(callIds.map((callId) => ({ vdn: 170, callId })));
    expect(results).toMatchObject([
      { status: 'found', call: { verdict: 'ANSWERED', totals: { talkingMs: expect.any(Number) } } },
      { status: 'not-found', key: { callId: '1749974400-404' } },
      { status: 'failed', error: { code: 'BAD_USER_INPUT', path: ['calls', 2] } },
    ]);
  });

  it('lets the keys of an operation fail that is refused', async () => {
    const results = await clientWith({ credential: { apiKey: 'ctg_wrong' } }).calls([{ vdn: 170, callId: '1-1' }]);
    expect(results).toMatchObject([{ status: 'failed', error: { code: 'UNAUTHENTICATED', status: 401, path: null } }]);
  });

  it('does not run other documents there', async () => {
    await expect(clientWith().ask('{ callCodes { name } }')).rejects.toMatchObject({ code: 'DOCUMENT_NOT_TRUSTED' });
  });

  it('rejects all calls once its caller aborts', async () => {
    const signal = AbortSignal.abort();
    await expect(clientWith().calls([{ vdn: 170, callId: '1-1' }], { signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('knows every code that a gateway can give', () => {
    expect([...CALL_ERROR_CODES].sort()).toEqual([...ERROR_CODES].sort());
    expect(isKnownErrorCode('RATE_LIMITED')).toBe(true);
    expect(isKnownErrorCode('OF_NEXT_YEAR')).toBe(false);
  });
});

// What another team writes: compiled by test/clients/typed/package.test.ts against the packed client.
import {
  callCodesDocument,
  createCallTraceClient,
  isCallTraceError,
  isKnownErrorCode,
  type CallResult,
  type CallTraceError,
  type Fetch,
} from 'call-trace-client';

const client = createCallTraceClient({
  url: 'https://calls.example.com/graphql',
  credential: () => Promise.resolve({ token: 'of-the-user' }),
  fetch,
  timeoutMs: 5_000,
});

export async function talkedMs(callId: string, signal?: AbortSignal): Promise<number> {
  const call = await client.call({ vdn: 170, callId }, { signal });
  // @ts-expect-error the document does not ask for it
  call?.callerNo;
  return call?.totals.talkingMs ?? 0;
}

export async function codeNames(): Promise<readonly string[]> {
  // @ts-expect-error the language is missing
  await client.ask(callCodesDocument, { table: 'LEAVE_REASON' });
  const { data, errors } = await client.ask(callCodesDocument, { table: 'LEAVE_REASON', language: 'EN' });
  return errors.length > 0 ? [] : data.callCodes.map(({ name }) => name);
}

export function story(result: CallResult): string {
  switch (result.status) {
    case 'found':
      return result.call.verdict;
    case 'not-found':
      return 'not found';
    case 'failed':
      return advice(result.error);
  }
}

export function advice(error: CallTraceError): string {
  if (error.retryable) return `again in ${error.retryAfterMs ?? 1_000} ms`;
  if (error.kind === 'gateway') return isKnownErrorCode(error.code) ? error.code : `${error.code} (new)`;
  switch (error.code) {
    case 'ABORTED':
      return 'stopped';
    case 'NO_CREDENTIAL':
      return 'the login';
    case 'TIMEOUT':
    case 'UNREACHABLE':
    case 'TRUNCATED':
      return 'the network';
    case 'REDIRECTED':
    case 'NOT_JSON':
    case 'NOT_GRAPHQL':
      return 'the address';
  }
}

export const ownFetch: Fetch = (url, init) => fetch(url, init);
export const knows = (error: unknown): boolean => isCallTraceError(error);

import { eventually } from '../../cache/redis/support/eventually.js';
import { newCallId } from '../../support/gateway.js';
import { CALLS, outcomeOf, type EstateGateway } from '../../upstream/support/estate.js';

/** IDs of so many calls that nobody has asked for yet. */
export function newCallIds(count: number): string[] {
  return Array.from({ length: count }, () => newCallId());
}

/** The outcomes of these calls, each asked by an operation of its own, one after the other. */
export async function oneByOne(gateway: EstateGateway, callIds: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const callId of callIds) outcomes.push(...(await gateway.calls([callId])).map(outcomeOf));
  return outcomes;
}

/** A client that can leave before it is answered. */
export interface LeavingClient {
  /** Whether its operation is over, answered or left. */
  readonly isOver: boolean;
  /** Leaves; fulfils once the gateway has noticed. */
  leave(): Promise<void>;
}

/** Asks for a call by a client that can leave. */
export function askLeavably(gateway: EstateGateway, callId: string): LeavingClient {
  const client = new AbortController();
  let isOver = false;
  const asked = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: CALLS, variables: { keys: [{ vdn: 170, callId }] } }),
    signal: client.signal,
  })
    .then((response) => response.text())
    .catch(() => undefined)
    .finally(() => (isOver = true));
  const requestLines = (): number => gateway.logLines.filter(({ msg }) => msg === 'request').length;
  return {
    get isOver() {
      return isOver;
    },
    async leave() {
      if (isOver) return;
      const before = requestLines();
      client.abort();
      await asked;
      while (requestLines() === before) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** Lines of the log that an operator is to see: warnings and errors. */
export function warnings(gateway: EstateGateway): readonly Readonly<Record<string, unknown>>[] {
  return gateway.logLines.filter(({ level }) => Number(level) >= 40);
}

/** Fulfils once a gateway uses its Redis. */
export async function usesRedis(gateway: EstateGateway): Promise<void> {
  await eventually('Redis is used', async () => ((await gateway.readiness()) as { redis?: string }).redis === 'up');
}

/** Forgets a call; whether Redis and the other gateways were told, though a replica may not have acknowledged. */
export async function forget(gateway: EstateGateway, callId: string): Promise<boolean> {
  const { body } = await gateway.query(`mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten problem } }`);
  const { forgotten, problem } = body.data?.['forgetCall'] as { forgotten: boolean; problem: string | null };
  return forgotten || problem === 'NOT_REPLICATED';
}

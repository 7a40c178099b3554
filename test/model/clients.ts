import type { TraceKey } from '../../src/call/key.js';
import type { CallTrace } from '../../src/call/trace.js';
import { STORIES, type StoryName } from './calls.js';
import type { ModelCentre } from './contact-centre.js';
import type { Estate } from './estate.js';
import { askGateway, LEASE_MS, type ModelGateway } from './gateway.js';
import type { Judge } from './judge.js';
import type { Breach, Question } from './question.js';
import type { Tally } from './tally.js';
import type { VirtualTime } from './virtual-time.js';

/** How long a client waits. Unit: ms. */
export const PATIENCE_MS = { long: 10_000, short: 300 } as const;
/** An answer is there so soon after the deadline at the latest. Unit: ms. */
export const MARGIN_MS = 600;

/** How a client asks. */
export interface Asking {
  readonly refresh: boolean;
  readonly patience: keyof typeof PATIENCE_MS;
}

/** Those who ask. */
export interface Clients {
  /** Asks for calls at once, and lets everything happen that can happen without time going on. */
  ask(gateway: ModelGateway, calls: ReadonlySet<StoryName>, asking: Asking): Promise<void>;
  /** One that waits goes away; numbers choose among them, whatever their size. */
  leave(number: number): void;
  /** Those of a gateway that has died are gone with it. */
  abandon(gateway: ModelGateway): void;
  /** Nobody may wait any more. */
  checkAllAnswered(): void;
}

export interface ClientsOptions {
  readonly time: VirtualTime;
  readonly estate: Estate;
  readonly centre: ModelCentre;
  readonly judge: Judge;
  readonly tally: Tally;
  /** Whether nothing but the contact centre can hold up an answer. */
  readonly isCalm: () => boolean;
  readonly breach: Breach;
  /** Told of each answer, for whoever reads of a breach. */
  readonly note: (text: string) => void;
}

interface Client {
  readonly question: Question;
  readonly controller: AbortController;
  done: boolean;
}

/** Nobody asks yet. */
export function createClients(options: ClientsOptions): Clients {
  const { time, estate, centre, judge, tally, isCalm, breach, note } = options;
  const clients: Client[] = [];
  const waiting = (): Client[] => clients.filter(({ done }) => !done);

  return {
    async ask(gateway, calls, asking) {
      const mine = [...calls].map((call) => put(gateway, call, asking));
      await estate.settle();
      mine.forEach(checkPrompt);
    },
    leave(number) {
      const client = waiting()[number % Math.max(1, waiting().length)];
      if (!client) return;
      client.question.left = true;
      client.controller.abort();
    },
    abandon(gateway) {
      for (const client of waiting().filter(({ question }) => question.gateway === gateway)) {
        client.question.left = true;
        client.done = true;
      }
    },
    checkAllAnswered() {
      for (const { question } of waiting()) breach(`no answer by the deadline: ${question.call}`);
    },
  };

  function put(gateway: ModelGateway, call: StoryName, { refresh, patience }: Asking): Client {
    const patienceMs = PATIENCE_MS[patience];
    const question: Question = {
      ...{ gateway, call, refresh, patienceMs },
      beganAt: time.now(),
      since: centre.requests.length,
      sharesRefresh: () => sharedBy(question).some((other) => other.refresh),
      sharedSince: () => Math.min(...sharedBy(question).map(({ beganAt }) => beganAt)),
      left: false,
    };
    const client: Client = { question, controller: new AbortController(), done: false };
    clients.push(client);
    if (refresh) judge.holdings.lose({ call });
    const { callId, month } = STORIES[call];
    const key: TraceKey = { ccId: 1, vdn: 170, callId, month };
    const loggedAt = 'loggedAt' in STORIES[call] ? STORIES.inMonthBefore.loggedAt : undefined;
    const how = { deadlineAt: time.monotonic() + patienceMs, signal: client.controller.signal, refresh };
    const told = { ...gateway.told };
    askGateway(gateway, key, how, loggedAt).then(
      (result) => {
        if (gateway.told.joined > told.joined) tally.count('joined');
        if (gateway.told.leaseWaits > told.leaseWaits) tally.count('waited for another gateway');
        answered(client, result);
      },
      (error: unknown) => breach(`a stage rejected: ${String(error)}`),
    );
    return client;
  }

  /** The questions that may have had one answer, this one included: each began while another was under way. */
  function sharedBy({ gateway, call, beganAt }: Question): Question[] {
    const ofKey = clients.map(({ question }) => question).filter((one) => one.gateway === gateway && one.call === call);
    let since = beganAt;
    for (const one of ofKey.toReversed())
      if (one.beganAt <= since && (one.endedAt ?? Infinity) >= since) since = one.beganAt;
    return ofKey.filter((one) => one.beganAt >= since && one.beganAt <= beganAt);
  }

  function answered(client: Client, result: CallTrace | Error): void {
    const { question } = client;
    estate.onActivity();
    client.done = true;
    const what =
      result instanceof Error ? result.message : `${result.records[0]?.callerNo ?? 'none'}, ${result.source}`;
    note(`gateway ${question.gateway.id} answers ${question.call}: ${what}`);
    const waitedMs = time.now() - question.beganAt;
    if (waitedMs > question.patienceMs + MARGIN_MS) breach(`an answer after ${waitedMs} ms: ${question.call}`);
    judge.answered(question, result);
  }

  /** A call that the contact centre answers at once is answered without time going on, whatever others wait for. */
  function checkPrompt({ question, done }: Client): void {
    const { call, gateway } = question;
    const isAskedFor = centre.requests.some((one) => one.call === call && one.state === 'under way');
    if (centre.modeOf(call) !== 'answer' || isAskedFor || !isCalm()) return;
    tally.count('answered at once');
    if (!done && !question.left) breach(`held up by nothing: ${call} at gateway ${gateway.id}`);
  }
}

/** So long after a death, leases of the dead may hold up the others. Unit: ms. */
export const AFTER_DEATH_MS = 2 * LEASE_MS;

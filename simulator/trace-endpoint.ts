import { RESULT_CODE } from './codes.js';
import type { ContactCentre } from './contact-centre.js';
import type { Exchange } from './exchange.js';
import { drawFault } from './faults.js';
import type { FaultyAnswer } from './faults/fault.js';
import { admit, flatten } from './gatekeeper.js';
import { readLooseQuery, requireQuery, type LooseQuery } from './request-body.js';
import { findTrace, type TraceQuery } from './trace.js';
import { isVendorSample, VENDOR_SAMPLE } from './vendor-sample.js';

/** Answers one question for the trace of a call. */
export async function answerTrace(centre: ContactCentre, exchange: Exchange): Promise<void> {
  const body = await exchange.readBody();
  const loose = readLooseQuery(body);
  enterInLedger(centre, exchange, body, loose);

  const blindFault = drawFault(centre, loose.callId, 'before the signature');
  if (blindFault !== null) return blindFault(emptyAnswer(centre, exchange));
  if (!admit(centre, exchange, body)) return;

  await takeSlot(centre, exchange);
  const { latencyMs, jitterMs } = centre.behaviour;
  await exchange.wait(latencyMs + jitterMs * centre.dice.next());

  const query = requireQuery(loose);
  if (typeof query === 'string') {
    return exchange.sendJson(200, { resultCode: RESULT_CODE.INVALID_PARAMETER, resultDesc: query });
  }
  const answer = rightAnswer(centre, exchange, query);
  const fault = drawFault(centre, query.callId, 'instead of the answer');
  if (fault !== null) return fault(answer);
  exchange.send(200, 'application/json;charset=UTF-8', answer.rightBody);
}

function enterInLedger({ ledger, now }: ContactCentre, exchange: Exchange, body: string, query: LooseQuery): void {
  const headers = flatten(exchange.request.headers);
  const entry = ledger.enter({ ...query, headers, body, receivedAt: now() });
  exchange.onAnswered = entry.answered;
  exchange.onLeft = entry.left;
  onceGone(exchange, entry.closed);
}

/** Waits for a free slot and keeps it until the exchange is over. */
async function takeSlot({ slots }: ContactCentre, exchange: Exchange): Promise<void> {
  onceGone(exchange, await slots.take(exchange.gone));
}

function onceGone({ gone }: Exchange, then: () => void): void {
  if (gone.aborted) then();
  else gone.addEventListener('abort', then, { once: true });
}

function rightAnswer(centre: ContactCentre, exchange: Exchange, query: TraceQuery): FaultyAnswer {
  const { seed, timeZone, behaviour } = centre;
  const { records, toWire } = findTrace(query, { seed, timeZone, now: centre.now() });
  const rightBody =
    isVendorSample(query) && records.length > 0
      ? VENDOR_SAMPLE
      : JSON.stringify({ resultCode: RESULT_CODE.SUCCESS, resultDesc: toWire(records) });
  return { exchange, behaviour, rightBody, records, toWire };
}

/** For faults that strike before anything is known of the call. */
function emptyAnswer({ behaviour }: ContactCentre, exchange: Exchange): FaultyAnswer {
  return { exchange, behaviour, rightBody: '', records: [], toWire: () => [] };
}

import { RESULT_CODE } from './codes.js';
import type { ContactCentre } from './contact-centre.js';
import type { Exchange } from './exchange.js';
import { admit } from './gatekeeper.js';

/** Answers the connection check: success if the signature holds. Faults do not touch it. */
export async function answerPing(centre: ContactCentre, exchange: Exchange): Promise<void> {
  const body = await exchange.readBody();
  if (!admit(centre, exchange, body)) return;
  await exchange.wait(centre.behaviour.latencyMs);
  exchange.sendJson(200, { resultCode: RESULT_CODE.SUCCESS, resultDesc: 'pong' });
}

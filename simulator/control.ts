import { InvalidChangeError, readBehaviourChange } from './behaviour-change.js';
import type { ContactCentre } from './contact-centre.js';
import type { Exchange } from './exchange.js';
import { FAULT_NAMES } from './fault-names.js';
import { scenariosAt } from './scenarios.js';

/** Shows how the simulator behaves and what it has counted. No signature is needed. */
export function showControl(centre: ContactCentre, exchange: Exchange): void {
  exchange.sendJson(200, stateOf(centre));
}

/** Changes the behaviour as the JSON body says, and shows the result; 400 says what would be right. */
export async function changeControl(centre: ContactCentre, exchange: Exchange): Promise<void> {
  const body = await exchange.readBody();
  try {
    centre.configure(readBehaviourChange(JSON.parse(body)));
  } catch (error) {
    if (error instanceof SyntaxError) return exchange.sendError(400, 'The change must be JSON');
    if (error instanceof InvalidChangeError) return exchange.sendError(400, error.message);
    throw error;
  }
  exchange.sendJson(200, stateOf(centre));
}

/** Puts everything back to how it was at the start, and shows it. */
export function resetControl(centre: ContactCentre, exchange: Exchange): void {
  centre.reset();
  exchange.sendJson(200, stateOf(centre));
}

function stateOf({ behaviour, ledger, lockOut, seed, timeZone, now }: ContactCentre) {
  return {
    seed,
    timeZone,
    // Secret keys can be set, but are not shown. JSON writes the limit `Infinity` as null.
    behaviour: { ...behaviour, accessKeys: Object.keys(behaviour.accessKeys) },
    total: ledger.total,
    inFlight: ledger.inFlight,
    peakInFlight: ledger.peakInFlight,
    connections: ledger.connections,
    redirectsFollowed: ledger.redirectsFollowed,
    lockedAddresses: lockOut.lockedAddresses(),
    counts: ledger.counts(),
    faults: FAULT_NAMES,
    scenarios: scenariosAt(now()),
  };
}

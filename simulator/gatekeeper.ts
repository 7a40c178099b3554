import type { ContactCentre } from './contact-centre.js';
import type { Exchange } from './exchange.js';
import { checkSignature } from './signature-check.js';

const JSON_CONTENT_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** Whether a request may pass; if not, it has been answered: 403 (address locked), 401 (signature) or 415. */
export function admit(centre: ContactCentre, exchange: Exchange, body: string): boolean {
  return isSignatureAccepted(centre, exchange, body) && isJson(exchange);
}

function isSignatureAccepted(centre: ContactCentre, exchange: Exchange, body: string): boolean {
  const { behaviour, lockOut } = centre;
  if (!behaviour.checkSignature) return true;
  const address = exchange.request.socket.remoteAddress ?? 'unknown';
  if (lockOut.isLocked(address)) {
    exchange.sendError(403, 'Too many refused signatures: this address is locked for a while');
    return false;
  }
  const { method = '', url = '', headers } = exchange.request;
  const refusal = checkSignature({ method, target: url, headers: flatten(headers), body }, (accessKey) =>
    Object.hasOwn(behaviour.accessKeys, accessKey) ? behaviour.accessKeys[accessKey] : undefined,
  );
  if (refusal === null) return true;
  lockOut.refuse(address);
  exchange.sendError(401, refusal);
  return false;
}

function isJson(exchange: Exchange): boolean {
  if (JSON_CONTENT_TYPE.test(exchange.request.headers['content-type'] ?? '')) return true;
  exchange.sendError(415, 'The content type must be application/json in UTF-8');
  return false;
}

/** The headers as one text each. */
export function flatten(headers: Exchange['request']['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

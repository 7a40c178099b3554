import type { Fault } from './fault.js';

/** A path of the simulator itself that counts who follows a redirect. */
export const REDIRECT_TARGET = '/redirected';

/** Answers with another HTTP status than 200. */
export const STATUS_FAULTS = {
  'http-401': javaError(401, 'The signature is refused'),
  'http-403-json': javaError(403, 'This address is locked'),
  'http-403-html': htmlPage(403, 'Forbidden'),
  'http-418': htmlPage(418, 'Blocked by the firewall'),
  'http-429': ({ exchange, behaviour: { retryAfter } }) =>
    exchange.sendError(429, 'Too many requests', retryAfter === null ? {} : { 'retry-after': retryAfter }),
  'http-500': javaError(500, 'Something broke'),
  'http-502': htmlPage(502, 'Bad Gateway'),
  'http-503': htmlPage(503, 'Service Temporarily Unavailable'),
  'http-504-html': htmlPage(504, 'Gateway Time-out'),
  redirect: ({ exchange }) => exchange.send(302, 'text/html', '', { location: REDIRECT_TARGET }),
} satisfies Record<string, Fault>;

function javaError(status: number, message: string): Fault {
  return ({ exchange }) => exchange.sendError(status, message);
}

/** A page as a proxy or firewall in front of the contact centre would show it. */
function htmlPage(status: number, title: string): Fault {
  const page = `<html><head><title>${status} ${title}</title></head><body><h1>${status} ${title}</h1></body></html>`;
  return ({ exchange }) => exchange.send(status, 'text/html', page);
}

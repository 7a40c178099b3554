import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

/**
 * Returns the address of a request's client; of an IPv6 address the network (`/64`), since one client has a whole network.
 * Behind proxies it is the address that the outermost trusted proxy added to `X-Forwarded-For`; a client can forge only
 * entries before that. `trustedProxies`: number of trusted proxies before this gateway.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  return networkOf(wholeClientAddress(request, trustedProxies));
}

/** Returns the same, with the full IPv6 address. */
export function wholeClientAddress(request: IncomingMessage, trustedProxies: number): string {
  const peer = request.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return peer;
  const header = request.headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').slice(-trustedProxies);
  const address = withoutPort(forwarded[0]?.trim() ?? '');
  return isIP(address) ? address : peer;
}

/** Returns an address without its port, which some proxies append. */
function withoutPort(text: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const v4 = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (v4 !== undefined || !isIPv6(address)) return v4 ?? address;
  const [head = '', tail = ''] = (address.split('%', 1)[0] ?? '').split('::', 2);
  const before = groupsOf(head);
  const after = groupsOf(tail);
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}

/** Returns the 16-bit groups of a part of an IPv6 address, without leading zeros; an IPv4 address at its end counts as two. */
function groupsOf(part: string): string[] {
  if (part === '') return [];
  return part
    .toLowerCase()
    .split(':')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : [group.replace(/^0+(?=.)/, '')]));
}

/** Names and addresses of this machine itself. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Whether what is sent to a URL crosses a network as plain text: by `http:`, and not to this machine. False for a text
 * that is no URL.
 */
export function crossesNetworkInPlain(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}

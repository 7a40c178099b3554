/** Names and addresses of the local machine. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Whether requests to a URL cross a network unencrypted: the scheme is `http:` and the host is not the local machine. False
 * if the text is not a URL.
 */
export function crossesNetworkInPlain(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}

import { createHash } from 'node:crypto';

/** The headers of a request on which replies depend: who asks, in which form, from which site. For `Vary` of every reply. */
export const VARY = 'Authorization, X-API-Key, Accept, Origin';

/**
 * What every reply tells browsers and caches, beside its own headers: it is data, not a page; nothing may frame it, guess
 * another type for it, load it into another site, or store it. A page of ours puts `pageHeaders` in their place, an
 * answer that may be stored a `cache-control` of its own.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  vary: VARY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

/** For replies that came to the client over TLS: this host is to be asked over TLS alone for a year. */
export const HSTS = { name: 'strict-transport-security', value: 'max-age=31536000' };

const INLINE_SCRIPT = /<script(?:\s[^>]*)?>([^]*?)<\/script>/g;

/**
 * The headers of a page that holds all it needs: its own scripts run, and no other; it may ask this server alone.
 * Editors write styles as they go and start workers from blobs, so both are allowed.
 */
export function pageHeaders(html: string): Record<string, string> {
  const scripts = [...html.matchAll(INLINE_SCRIPT)].map(([, text = '']) => `'sha256-${sha256(text)}'`);
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  };
}

/** As browsers reckon it: a line ends with LF for them, however it came. */
function sha256(text: string): string {
  return createHash('sha256').update(text.replace(/\r\n?/g, '\n')).digest('base64');
}

import { createHash } from 'node:crypto';

/** The request headers that replies depend on (credential, format, origin), for `Vary` of every reply. */
export const VARY = 'Authorization, X-API-Key, Accept, Origin';

/**
 * The headers of every reply: browsers treat it as data, and must not frame it, sniff another type, load it into another
 * site, or store it. Our own pages replace them by `pageHeaders`; an answer that may be stored has its own `cache-control`.
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

/** For replies over TLS: browsers use only TLS for this host for a year. */
export const HSTS = { name: 'strict-transport-security', value: 'max-age=31536000' };

const INLINE_SCRIPT = /<script(?:\s[^>]*)?>([^]*?)<\/script>/g;

/**
 * Returns the headers of a self-contained page: only its own inline scripts run, and it may connect to this server only.
 * Inline styles and workers from blobs are allowed, since editors need them.
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

/** Returns the hash that browsers compute: with line breaks normalised to LF. */
function sha256(text: string): string {
  return createHash('sha256').update(text.replace(/\r\n?/g, '\n')).digest('base64');
}

/**
 * The headers of the page that shows calls: it runs its own files alone, asks this server alone, and makes no script or
 * markup out of texts.
 */
export const VIEWER_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
});

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createApiKey } from '../../src/access/new-api-key.js';
import { createAuthority } from '../../test/upstream/support/certificates.js';
import { ACCESS_KEY, SECRET_KEY } from '../../test/support/gateway.js';

/** What the secrets of an estate hold, as the chart's README names their keys; `codes.json` is the chart's own. */
export interface Mounted {
  readonly texts: Readonly<Record<string, string>>;
  /** A key of the list `api-keys.json`, for VDN 170. */
  readonly apiKey: string;
}

/** Makes the contents of all secrets and ConfigMaps that a gateway may be given. */
export function mountedTexts(): Mounted {
  const { key, entry } = createApiKey({ name: 'dashboard', vdns: '1/170' }, Date.now);
  const { ca, client } = createAuthority('a private authority');
  const { publicKey } = generateKeyPairSync('ed25519');
  return {
    apiKey: key,
    texts: {
      'access-key': ACCESS_KEY,
      'secret-key': SECRET_KEY,
      'access-key-2': 'second-access-key',
      'secret-key-2': 'second-secret-key',
      'bearer-token': 'token',
      'proxy-url': 'http://user:password@192.0.2.3:3128',
      'ca.crt': ca,
      'tls.crt': client.cert,
      'tls.key': client.key,
      'api-keys.json': JSON.stringify([entry]),
      'public-keys.pem': publicKey.export({ type: 'spki', format: 'pem' }) as string,
      'number-hash-key': randomBytes(24).toString('hex'),
      'otlp-headers': 'authorization=Bearer%20token',
      url: 'redis://127.0.0.1:1',
      'sentinel-auth': 'user:password',
      'encryption-keys': `1:${randomBytes(32).toString('base64')}`,
      'manifest.json': JSON.stringify({ 'sha256:0': '{ __typename }' }),
    },
  };
}

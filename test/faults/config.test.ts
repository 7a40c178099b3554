import { afterEach, describe, expect, it } from '@jest/globals';
import { startGatewayProcess } from '../support/gateway-process.js';
import { createEstate } from '../upstream/support/estate.js';
import { environmentFor } from '../support/gateway.js';
import { newCallIds, oneByOne } from './support/clients.js';

const estate = createEstate();
afterEach(estate.close);

const PRODUCTION = { NODE_ENV: 'production', CMS_ALLOW_HTTP: 'false' };

describe('a gateway in production', () => {
  it('does not start where the contact centre would be asked over plain http', async () => {
    const simulator = await estate.startCentre();
    await expect(estate.openGate(simulator, { env: PRODUCTION })).rejects.toThrow('CMS_BASE_URL must be https');
  });

  it('does not start where the secret key would be sent over plain http to a signing proxy', async () => {
    const env = { ...PRODUCTION, CMS_AUTH: 'proxy', CMS_SIGNING_PROXY_URL: 'http://signing.example' };
    const centre = { url: 'https://contact-centre.example' };
    await expect(estate.openGate(centre, { env })).rejects.toThrow('CMS_SIGNING_PROXY_URL must be https');
  });

  it('starts and answers where plain http is allowed by name', async () => {
    const simulator = await estate.startCentre();
    const gate = await estate.openGate(simulator, { env: { ...PRODUCTION, CMS_ALLOW_HTTP: 'true' } });
    expect(await oneByOne(gate, newCallIds(1))).toEqual(['UPSTREAM']);
  });
});

describe('a gateway with a misspelt setting', () => {
  it.each([
    ['CACHE_ENCRYPTION_KEY', 'k1:c2VjcmV0', 'CACHE_ENCRYPTION_KEYS'],
    ['CMS_MAX_CONCURENCY', '5', 'CMS_MAX_CONCURRENCY'],
    ['REDIS_KEYPREFIX', 'test:', 'REDIS_KEY_PREFIX'],
  ])('does not start with %s, and names the nearest', async (name, value, nearest) => {
    const simulator = await estate.startCentre();
    const opened = estate.openGate(simulator, { env: { [name]: value } });
    await expect(opened).rejects.toThrow(`${name} is no setting; did you mean ${nearest}?`);
  });

  it('ends as a process, and says so', async () => {
    const simulator = await estate.startCentre();
    const started = startGatewayProcess({ ...environmentFor(simulator), CACHE_ENCRYPTION_KEY: 'k1:c2VjcmV0' });
    const outcome = await started.then(
      (gateway) => gateway.kill().then(() => 'it started'),
      (error: unknown) => String(error),
    );
    expect(outcome).toContain('did you mean CACHE_ENCRYPTION_KEYS?');
    expect(outcome).not.toContain('c2VjcmV0');
  });
});

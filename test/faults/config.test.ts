import { afterEach, describe, expect, it } from '@jest/globals';
import { startGatewayProcess } from '../support/gateway-process.js';
import { createEstate } from '../upstream/support/estate.js';
import { environmentFor } from '../support/gateway.js';
import { newCallIds, oneByOne } from './support/clients.js';

const estate = createEstate();
afterEach(estate.close);

/** Nobody listens there: a gateway starts without its contact centre. */
const ELSEWHERE = { url: 'http://contact-centre.example' };
const SAYS_NOTHING = { CMS_ALLOW_PLAIN_HTTP: '' };

describe('a gateway', () => {
  it.each(['production', 'development'])(
    'does not start in %s where the contact centre would be asked over a network by plain http',
    async (NODE_ENV) => {
      const opened = estate.openGateway(ELSEWHERE, { env: { ...SAYS_NOTHING, NODE_ENV } });
      await expect(opened).rejects.toThrow('CMS_BASE_URL must be https');
    },
  );

  it('does not start where the secret key would be sent over a network to a signing proxy by plain http', async () => {
    const env = { ...SAYS_NOTHING, CMS_AUTH: 'proxy', CMS_SIGNING_PROXY_URL: 'http://signing.example' };
    const opened = estate.openGateway({ url: 'https://contact-centre.example' }, { env });
    await expect(opened).rejects.toThrow('CMS_SIGNING_PROXY_URL must be https');
  });

  it('starts where plain http is allowed by name', async () => {
    const gateway = await estate.openGateway(ELSEWHERE, {
      env: { CMS_ALLOW_PLAIN_HTTP: 'true', NODE_ENV: 'production' },
    });
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  it('starts and answers where the contact centre is on its own machine', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, { env: { ...SAYS_NOTHING, NODE_ENV: 'production' } });
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
  });
});

describe('a gateway with a misspelt setting', () => {
  it.each([
    ['CACHE_ENCRYPTION_KEY', 'k1:c2VjcmV0', 'CACHE_ENCRYPTION_KEYS'],
    ['CMS_MAX_CONCURENCY', '5', 'CMS_MAX_CONCURRENCY'],
    ['REDIS_KEYPREFIX', 'test:', 'REDIS_KEY_PREFIX'],
    ['CMS_ALLOW_HTTP', 'true', 'CMS_ALLOW_PLAIN_HTTP'],
    ['FAST_LANE', 'false', 'FAST_PATH'],
  ])('does not start with %s, and names the nearest', async (name, value, nearest) => {
    const simulator = await estate.startCentre();
    const opened = estate.openGateway(simulator, { env: { ...SAYS_NOTHING, [name]: value } });
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

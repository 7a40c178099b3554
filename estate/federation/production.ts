import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiKey } from '../../src/access/new-api-key.js';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { startGatewayProcess } from '../../test/support/gateway-process.js';
import { ACCESS_KEY, SECRET_KEY } from '../../test/support/gateway.js';

/** A gateway as in production, with API keys, and a simulated contact centre behind it. */
export interface Production {
  /** Where the graph is. */
  readonly url: string;
  readonly simulator: Simulator;
  /** A key for VDN 170 that shows whole numbers, and one for the same that masks them. */
  readonly keys: { readonly whole: string; readonly masked: string };
  /** Returns the value of a series of /metrics; 0 if there is none. `series`: its name with its labels. */
  metric(series: string): Promise<number>;
  /** Returns the SDL that the gateway serves to routers. */
  sdl(): Promise<string>;
  close(): Promise<void>;
}

/** Starts both. `settings`: of the gateway, beside the least that production needs. */
export async function startProduction(settings: Readonly<Record<string, string>> = {}): Promise<Production> {
  const folder = mkdtempSync(join(tmpdir(), 'estate-'));
  const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
  const whole = createApiKey({ name: 'dashboard', vdns: '1/170', scopes: 'numbers' }, Date.now);
  const masked = createApiKey({ name: 'statistics', vdns: '1/170' }, Date.now);
  const keysFile = join(folder, 'api-keys.json');
  writeFileSync(keysFile, JSON.stringify([whole.entry, masked.entry]));
  const gateway = await startGatewayProcess({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    AUTH_MODE: 'api-key',
    API_KEYS_FILE: keysFile,
    CMS_BASE_URL: simulator.url,
    CMS_ACCESS_KEY: ACCESS_KEY,
    CMS_SECRET_KEY: SECRET_KEY,
    CMS_MAX_RETRIES: '0',
    // A busy machine takes longer than ten seconds for a thousand calls that no cache holds.
    REQUEST_DEADLINE_MS: '60000',
    ...settings,
  });
  const url = `${gateway.url}/graphql`;
  return {
    url,
    simulator,
    keys: { whole: whole.key, masked: masked.key },
    async metric(series) {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(`${series} `));
      return Number(line?.slice(series.length) ?? 0);
    },
    async sdl() {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': whole.key },
        body: JSON.stringify({ query: '{ _service { sdl } }' }),
      });
      const { data } = (await response.json()) as { data: { _service: { sdl: string } } };
      return data._service.sdl;
    },
    async close() {
      await gateway.kill();
      await simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { ACCESS_KEY, newCallId, SECRET_KEY } from '../../test/support/gateway.js';
import { startGatewayProcess } from '../../test/support/gateway-process.js';
import { readManifests, render, VALUE_SETS, type Manifest } from './manifests.js';
import { mountedTexts, type Mounted } from './mounted.js';
import { findTools, run, type Run } from './tools.js';
import { environmentOf, specOf, type PodSpec } from './workload.js';
import { freePort } from '../../test/support/free-port.js';

/** Every setting that .env.example names. */
const KNOWN = new Set(
  [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name),
);
/** Value sets whose gateway is started; Redis is away, which must stop none. */
const STARTED = ['api-keys', 'locked-down', 'gateway-api'];

/** A busy machine takes half of one to compile all sources. */
const MINUTE_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'estate-'));

describe('the environment of the chart', () => {
  let manifests: ReadonlyMap<string, readonly Manifest[]>;
  let mounted: Mounted;
  let simulator: Simulator;
  beforeAll(async () => {
    const tools = findTools();
    const read = readManifests(VALUE_SETS.map((name) => render(tools, 'helm4', name)));
    manifests = new Map(VALUE_SETS.map((name, index) => [name, (read[index] ?? []).map((one) => one.manifest)]));
    mounted = mountedTexts();
    simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
  });
  afterAll(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  const environment = (name: string): Readonly<Record<string, string>> => environmentOf(manifests.get(name) ?? []);
  /** The text of a mounted file: of the chart's own ConfigMap, or of the estate's secrets. */
  const textAt = (name: string, path: string): string => {
    const own = manifests
      .get(name)
      ?.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-codes'));
    const text = { ...mounted.texts, ...own?.data }[basename(path)];
    if (text === undefined) throw new Error(`no secret has ${path}`);
    return text;
  };

  it.each(VALUE_SETS)('has only settings that there are: %s', (name) => {
    expect(Object.keys(environment(name)).filter((setting) => !KNOWN.has(setting))).toEqual([]);
  });

  it.each(VALUE_SETS)('is accepted by the gateway: %s', (name) => {
    const settings = environment(name);
    const config = loadConfig(settings, (path) => textAt(name, path));
    expect(config.server.port).toBe(4000);
  });

  it('is not accepted with a file less', () => {
    const load = (): unknown =>
      loadConfig(environment('api-keys'), (path) => textAt('one-gateway', path.replace('api-keys.json', 'none')));
    expect(load).toThrow('API_KEYS_FILE names a file that cannot be read');
  });

  it('keeps large numbers as they are written', () => {
    expect(environment('gateway-api')).toMatchObject({ CACHE_STALE_SECONDS: '2592000', LIMIT_FIELDS: '10000000' });
    expect(environment('monitored')).toMatchObject({ OTEL_TRACES_SAMPLER_ARG: '0.01' });
  });

  it.each(STARTED)(
    'starts a gateway that answers: %s',
    async (name) => {
      const adminPort = String(await freePort());
      const gateway = await startGatewayProcess({ ...onThisMachine(name, environment(name)), ADMIN_PORT: adminPort });
      try {
        const response = await fetch(`${gateway.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-api-key': mounted.apiKey },
          body: JSON.stringify({ query: `{ call(vdn: 170, callId: "${newCallId()}") { callId } }` }),
        });
        const body: unknown = await response.json();
        // A manifest that is enforced knows other documents.
        if (name === 'gateway-api') expect(JSON.stringify(body)).toContain('DOCUMENT_NOT_TRUSTED');
        else expect(body).toEqual({ data: { call: { callId: expect.any(String) as unknown } } });
        expect(helmTest(name, adminPort)).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(/^200 .*"ready":true/) as unknown,
        });
      } finally {
        await gateway.kill();
      }
      expect(helmTest(name, adminPort).code).not.toBe(0);
    },
    2 * MINUTE_MS,
  );

  /** What the pod of `helm test` says of a gateway whose admin port is this one. */
  function helmTest(name: string, adminPort: string): Run {
    const { containers } = specOf(manifests.get(name) ?? [], 'Pod') as PodSpec;
    const { command: [, ...flags] = [], args: [script = ''] = [] } = containers[0];
    return run(process.execPath, [...flags, script.replace(/(?<=http:\/\/)[\w.:-]+/, `127.0.0.1:${adminPort}`)]);
  }

  /** The environment with free ports, the simulator's address, and the mounted files in a folder of this test. */
  function onThisMachine(name: string, settings: Readonly<Record<string, string>>): Record<string, string> {
    const moved = Object.entries(settings).map(([setting, value]) => {
      if (!/^\/(?:run\/secrets|etc)\//.test(value)) return [setting, value];
      const path = join(folder, name, value);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, textAt(name, value));
      return [setting, path];
    });
    return {
      ...(Object.fromEntries(moved) as Record<string, string>),
      HOST: '127.0.0.1',
      PORT: '0',
      CMS_BASE_URLS: simulator.url,
    };
  }
});

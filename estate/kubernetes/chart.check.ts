import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHART, committed, documentsOf, readManifests, render, VALUE_SETS, type Checked } from './manifests.js';
import { brokenPolicies } from './policies.js';
import { findTools, output, pathOf, run, type Tools } from './tools.js';
import { typeErrors } from './types.js';
import { workloadOf } from './workload.js';

/** A ConfigMap holds no more. Unit: bytes. */
const CONFIG_MAP_LIMIT = 1 << 20;

const scratch = mkdtempSync(join(tmpdir(), 'chart-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

describe('the chart', () => {
  let tools: Tools;
  /** What each value set becomes. */
  let sets: ReadonlyMap<string, { readonly text: string; readonly documents: readonly Checked[] }>;
  beforeAll(() => {
    tools = findTools();
    const texts = VALUE_SETS.map((name) => render(tools, 'helm4', name));
    const read = readManifests(texts);
    sets = new Map(VALUE_SETS.map((name, index) => [name, { text: texts[index] ?? '', documents: read[index] ?? [] }]));
  });
  const rendered = (name: string): { readonly text: string; readonly documents: readonly Checked[] } => {
    const found = sets.get(name);
    if (!found) throw new Error(`there is no value set ${name}`);
    return found;
  };
  const manifest = (name: string, kind: string, suffix = ''): Checked['manifest'] => {
    const all = rendered(name).documents.map((one) => one.manifest);
    const found = all.find((one) => one.kind === kind && one.metadata.name.endsWith(suffix));
    if (!found) throw new Error(`${name} has no ${kind}`);
    return found;
  };

  describe.each(VALUE_SETS)('with the values of %s', (name) => {
    it('passes the linters of Helm 3 and 4', () => {
      for (const helm of [tools.helm3, tools.helm4]) {
        const result = run(helm, ['lint', '--strict', CHART, '--values', `${CHART}/ci/${name}-values.yaml`]);
        expect(result).toMatchObject({ code: 0 });
      }
    });

    it('is the same by Helm 3 and 4', () => {
      expect(render(tools, 'helm3', name).trim()).toBe(rendered(name).text.trim());
    });

    it('is what was committed', () => {
      // Alerts and dashboard are compared with their sources below.
      const text = documentsOf(rendered(name).text)
        .filter((document) => !/^kind: PrometheusRule|-dashboard$/m.test(document))
        .join('');
      expect(committed(pathOf(`rendered/${name}.yaml`), text)).toBe(text);
    });

    it('has the formats of Kubernetes', () => {
      expect(rendered(name).documents.flatMap(({ problems }) => problems)).toEqual([]);
    });

    it('keeps to the policies', () => {
      expect(brokenPolicies(rendered(name).documents.map((one) => one.manifest))).toEqual([]);
    });
  });

  it('has the types of Kubernetes in all value sets, and would not pass with a misspelt field', () => {
    const all = [...sets.values()].flatMap(({ documents }) => documents.map((one) => one.manifest));
    const service = manifest('api-keys', 'Service');
    const misspelt = { ...service, spec: { ...(service.spec as object), selectors: {} } };
    const errors = typeErrors([...all, misspelt])
      .trim()
      .split('\n');
    expect(errors).toEqual([expect.stringContaining("'\"selectors\"' does not exist in type 'ServiceSpec'")]);
  });

  /** A file of the source tree, with links to where `monitored` has that tree. */
  const linked = (path: string): string => {
    const text = readFileSync(path, 'utf8');
    const base = 'https://git.example/call-trace-gateway/blob/main';
    const result = text.replaceAll('https://call-trace-gateway.example', base);
    expect(result).not.toBe(text);
    return result;
  };

  it('has the tested alerts, with links to their runbooks', () => {
    const { spec } = manifest('monitored', 'PrometheusRule');
    const rules = linked('deploy/prometheus/alerts.yml').replace(/^/gm, '  ');
    const [[source] = []] = readManifests([`kind: PrometheusRule\nspec:\n${rules}`]);
    expect(spec).toEqual(source?.manifest.spec);
  });

  it('has the dashboard, short enough for a ConfigMap', () => {
    const { data, metadata } = manifest('monitored', 'ConfigMap', '-dashboard');
    const text = data?.['call-trace-gateway.json'] ?? '';
    expect(text === linked('deploy/grafana/call-trace-gateway.json')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(CONFIG_MAP_LIMIT);
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
  });

  it('takes the values of docs/deployment-containers.md', () => {
    const page = readFileSync('docs/deployment-containers.md', 'utf8');
    const [, values = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
    const file = join(scratch, 'values.yaml');
    writeFileSync(file, values.replace(/^ {3}/gm, ''));
    const text = output(tools.helm4, ['template', 'gateway', CHART, '--namespace', 'call-trace', '--values', file]);
    expect(text).toContain('image: "registry.example/call-trace-gateway:');
    expect(text).toContain('value: "Asia/Shanghai"');
  });

  it('takes no labels of the dashboard', () => {
    const options = ['--set-json', 'dashboard.labels=null'];
    const [found = []] = readManifests([render(tools, 'helm4', 'monitored', ...options)]);
    expect(found.find(({ manifest: { metadata } }) => metadata.name.endsWith('-dashboard'))).toBeDefined();
  });

  it('selects the gateways by the same labels whatever the names are', () => {
    const selector = (name: string): unknown =>
      workloadOf(rendered(name).documents.map((one) => one.manifest)).selector;
    expect(selector('placed')).toEqual(selector('api-keys'));
  });

  it('keeps the addresses of clients at a load balancer', () => {
    expect(manifest('placed', 'Service', 'calls').spec).toMatchObject({ externalTrafficPolicy: 'Local' });
    expect(manifest('api-keys', 'Service').spec).not.toHaveProperty('externalTrafficPolicy');
  });

  it('says after the installation what it needs, and what is not protected', () => {
    const install = ['install', 'gateway', CHART, '--dry-run=client', '--values', `${CHART}/ci/tokens-values.yaml`];
    const notes = output(tools.helm4, install).split('NOTES:')[1];
    expect(notes).toContain('the secret contact-centre has access-key, access-key-2, secret-key, secret-key-2.');
    expect(notes).toContain('There is no NetworkPolicy');
    expect(notes).not.toContain('There is no Redis');
  });

  it.each(['helm3', 'helm4'] as const)('is whole in the package that %s makes', (helm) => {
    const folder = mkdtempSync(join(scratch, 'package-'));
    output(tools[helm], ['package', CHART, '--destination', folder]);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const values = `${CHART}/ci/monitored-values.yaml`;
    const text = output(tools[helm], [
      'template',
      'gateway',
      `${folder}/call-trace-gateway-${version}.tgz`,
      '-f',
      values,
    ]);
    expect(text.trim()).toBe(rendered('monitored').text.trim());
  });

  it('restarts no gateway when its own version alone changes', () => {
    const copy = join(scratch, 'call-trace-gateway');
    cpSync(CHART, copy, { recursive: true });
    const chart = readFileSync(join(copy, 'Chart.yaml'), 'utf8');
    writeFileSync(join(copy, 'Chart.yaml'), chart.replace(/^version: .*$/m, 'version: 99.0.0'));
    const values = `${CHART}/ci/gateway-api-values.yaml`;
    const [next = []] = readManifests([output(tools.helm4, ['template', 'gateway', copy, '--values', values])]);
    const before = rendered('gateway-api').documents.map((one) => one.manifest);
    const after = next.map((one) => one.manifest);
    expect(after).not.toEqual(before);
    expect(workloadOf(after).template).toEqual(workloadOf(before).template);
  });

  it('restarts the gateways when meanings of codes change', () => {
    const options = ['--set', 'codes.releaseCause.9001=Closed'];
    const [next = []] = readManifests([render(tools, 'helm4', 'gateway-api', ...options)]);
    const checksum = (documents: readonly Checked[]): string | undefined =>
      workloadOf(documents.map((one) => one.manifest)).template.metadata.annotations?.['checksum/codes'];
    expect(checksum(next)).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum(next)).not.toBe(checksum(rendered('gateway-api').documents));
  });
});

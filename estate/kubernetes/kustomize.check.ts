import { beforeAll, describe, expect, it } from '@jest/globals';
import { CHART, committed, readManifests, type Checked } from './manifests.js';
import { gatewaysAtOnce } from './policies.js';
import { findTools, output, type Tools } from './tools.js';
import { environmentOf, specOf, workloadOf } from './workload.js';
import { typeErrors } from './types.js';

const FOLDER = 'deploy/kustomize';

describe('deploy/kustomize', () => {
  let overlay: readonly Checked[];
  let base: { readonly rendered: string; readonly committed: string };
  beforeAll(() => {
    const tools = findTools();
    const rendered = baseOf(tools);
    base = { rendered, committed: committed(`${FOLDER}/base/gateway.yaml`, rendered) };
    [overlay = []] = readManifests([output(tools.kubectl, ['kustomize', `${FOLDER}/overlays/example`])]);
  });

  it('has the base that the chart makes of values.yaml', () => {
    expect(base.committed).toBe(base.rendered);
  });

  it('has an example that Kubernetes accepts, as far as types and formats go', () => {
    expect(overlay.flatMap(({ problems }) => problems)).toEqual([]);
    expect(typeErrors(overlay.map(({ manifest }) => manifest))).toBe('');
  });

  it('has an example that changes what it names, and keeps the rest', () => {
    const manifests = overlay.map(({ manifest }) => manifest);
    expect(environmentOf(manifests)).toMatchObject({
      CMS_BASE_URLS: 'https://192.0.2.20:28443,https://192.0.2.21:28443',
      CMS_TIME_ZONE: 'Asia/Shanghai',
      CMS_ACCESS_KEY_FILE: '/run/secrets/contact-centre/access-key',
    });
    const { template } = workloadOf(manifests);
    expect(template.spec.containers[0]).toMatchObject({ image: 'registry.example/call-trace-gateway:0.1.0' });
    expect(specOf(manifests, 'PodDisruptionBudget')).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'gateway' }) as unknown },
    });
    expect(manifests.map(({ metadata }) => metadata)).toEqual(
      manifests.map(() => expect.objectContaining({ namespace: 'call-trace' }) as unknown),
    );
  });

  it('has an example that cannot lock the address, nor overload the contact centre', () => {
    const manifests = overlay.map(({ manifest }) => manifest);
    const { CMS_AUTH_FAILURES_MAX = NaN, CMS_MAX_CONCURRENCY = NaN } = environmentOf(manifests);
    expect(gatewaysAtOnce(manifests) * Number(CMS_AUTH_FAILURES_MAX)).toBeLessThan(5);
    expect(gatewaysAtOnce(manifests) * Number(CMS_MAX_CONCURRENCY)).toBeLessThanOrEqual(40);
  });
});

/** What the chart makes of values.yaml, without the labels and comments of Helm and of its version. */
function baseOf(tools: Tools): string {
  const options = ['--skip-tests', '--values', `${FOLDER}/values.yaml`];
  const rendered = output(tools.helm4, ['template', 'call-trace-gateway', CHART, ...options])
    .replace(/^ +(?:helm\.sh\/chart|app\.kubernetes\.io\/(?:managed-by|version)): .*\n/gm, '')
    .replace(/^# Source: .*\n/gm, '');
  return `# Written by \`npm run estate -- --update\` from the chart and ../values.yaml.\n${rendered}`;
}

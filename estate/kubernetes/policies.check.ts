import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readManifests, type Manifest } from './manifests.js';
import { brokenPolicies } from './policies.js';
import { pathOf } from './tools.js';

/** What is changed in the manifests of `locked-down`, as text of JSON, and what the policies say then. */
const BROKEN: readonly (readonly [from: string, to: string, sentence: string])[] = [
  ['"runAsUser":1000', '"runAsUser":0', 'a pod may run as root'],
  ['"runAsNonRoot":true', '"runAsNonRoot":false', 'a pod may run as root'],
  ['"RuntimeDefault"', '"Unconfined"', 'a pod has no seccomp profile'],
  [
    '"automountServiceAccountToken":false,"enableServiceLinks"',
    '"automountServiceAccountToken":true,"enableServiceLinks"',
    'a pod has a token for the API server',
  ],
  ['"allowPrivilegeEscalation":false', '"allowPrivilegeEscalation":true', 'gateway may gain privileges'],
  ['"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":false', 'gateway may write to its image'],
  ['"drop":["ALL"]', '"drop":["NET_RAW"]', 'gateway keeps capabilities'],
  ['"limits":{"memory":"512Mi"}', '"limits":{"cpu":"1"}', 'gateway has no limit of memory'],
  ['"limits":{"memory":"512Mi"}', '"limits":{"cpu":"1"}', 'gateway has a limit of processor time'],
  ['"memory":"512Mi"', '"memory":"377Mi"', 'the limit of memory is too low'],
  ['"cpu":"250m",', '', 'gateway requests no processor time'],
  [
    '"mountPath":"/run/secrets/redis"',
    '"mountPath":"/run/secrets/redis","subPath":"url"',
    'gateway mounts a file alone',
  ],
  ['"name":"REDIS_URL_FILE"', '"name":"REDIS_URL"', 'REDIS_URL is a variable'],
  ['"value":"/run/secrets/redis/url"', '"valueFrom":{}', 'REDIS_URL_FILE comes from a secret'],
  ['"value":"/run/secrets/redis/url"', '"valueFrom":{}', '/run/secrets/redis/url is read by no setting'],
  ['"kind":"ServiceAccount"', '"kind":"Secret"', 'gateway-call-trace-gateway is a secret in the open'],
  [
    '"mountPath":"/run/secrets/redis"',
    '"mountPath":"/run/secrets/other"',
    'REDIS_URL_FILE names /run/secrets/redis/url, which is not mounted',
  ],
  [
    '"httpGet":{"path":"/readyz","port":"admin"}',
    '"httpGet":{"path":"/healthz","port":"http"}',
    'the readiness probe does not ask /readyz at the admin port',
  ],
  ['"name":"admin","containerPort"', '"name":"other","containerPort"', 'there is no admin port'],
  ['"containerPort":4000', '"containerPort":4001', 'the gateway listens at other ports'],
  ['"terminationGracePeriodSeconds":27', '"terminationGracePeriodSeconds":26', 'the grace of 26 s is less than 27 s'],
  ['"minReadySeconds":27', '"minReadySeconds":0', 'an update does not wait until a gateway has drained'],
  [
    '"port":"admin","path":"/metrics"',
    '"port":"http","path":"/metrics"',
    'ServiceMonitor gateway-call-trace-gateway leads nowhere',
  ],
  ['"targetPort":"http"', '"targetPort":"web"', 'Service gateway-call-trace-gateway leads nowhere'],
  [
    '"ports":[{"port":"http","protocol":"TCP"}]',
    '"ports":[{"port":"web","protocol":"TCP"}]',
    'NetworkPolicy gateway-call-trace-gateway leads nowhere',
  ],
];

describe('the policies', () => {
  let text: string;
  beforeAll(() => {
    const [documents = []] = readManifests([readFileSync(pathOf('rendered/locked-down.yaml'), 'utf8')]);
    text = JSON.stringify(documents.map(({ manifest }) => manifest));
  });
  const problems = (of: string): string[] => brokenPolicies(JSON.parse(of) as Manifest[]);

  it('are kept by the chart', () => {
    expect(problems(text)).toEqual([]);
  });

  it.each(BROKEN)('are broken by %s → %s: %s', (from, to, sentence) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(problems(changed)).toContain(sentence);
  });

  it.each(['PodDisruptionBudget', 'NetworkPolicy', 'Service', 'ServiceMonitor', 'Deployment'])(
    'are broken by a selector that selects nothing: %s',
    (kind) => {
      const manifests = JSON.parse(text) as { readonly kind: string; readonly spec?: object }[];
      const changed = manifests.map((one) => {
        if (one.kind !== kind) return one;
        const selects = JSON.stringify(one.spec).replace(/(elector":\{(?:"matchLabels":\{)?)/, '$1"app":"other",');
        return { ...one, spec: JSON.parse(selects) as object };
      });
      expect(problems(JSON.stringify(changed))).toContainEqual(
        expect.stringMatching(new RegExp(`^${kind} .* leads nowhere$`)),
      );
    },
  );
});

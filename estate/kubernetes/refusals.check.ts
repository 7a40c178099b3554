import { beforeAll, describe, expect, it } from '@jest/globals';
import { CHART } from './manifests.js';
import { findTools, run, type Run, type Tools } from './tools.js';

/** Values as they are given at the command line. */
type Values = Readonly<Record<string, string>>;

/** Values that name whom the gateways ask beside contact centre and Redis. */
const CUT_OFF: readonly (readonly [name: string, values: Values])[] = [
  ['auth.jwksUrl', { 'auth.mode': '"both"', 'auth.jwksUrl': '"https://login.example/keys"' }],
  [
    'contactCentre.signingProxyUrl',
    { 'contactCentre.auth': '"proxy"', 'contactCentre.signingProxyUrl': '"https://signer.example"' },
  ],
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].map((name): readonly [string, Values] => [
    `settings.${name}`,
    { [`settings.${name}`]: '"http://collector.monitoring:4318"' },
  ]),
];

/** What the chart refuses beside the value set `api-keys`, and its sentence. */
const REFUSED: readonly (readonly [what: string, values: Values, sentence: string])[] = [
  [
    'a surge that could lock the address',
    { 'updateStrategy.maxSurge': '1' },
    'a wrong key would lock the address at the contact centre for everybody behind it: 3 gateways at once (replicaCount + updateStrategy.maxSurge) × contactCentre.authFailuresMax 2 = 6 refused signatures, and it locks after contactCentre.locksAfter = 5. Lower authFailuresMax or the number of gateways',
  ],
  [
    'a surge in percent that could lock the address',
    { 'updateStrategy.maxSurge': '"1%"' },
    '3 gateways at once (replicaCount + updateStrategy.maxSurge) × contactCentre.authFailuresMax 2 = 6 refused signatures',
  ],
  [
    'as many refused signatures as lock the address',
    { 'contactCentre.locksAfter': '4' },
    '2 gateways at once (replicaCount + updateStrategy.maxSurge) × contactCentre.authFailuresMax 2 = 4 refused signatures, and it locks after contactCentre.locksAfter = 4',
  ],
  [
    'gateways elsewhere that could lock the address with these',
    { 'contactCentre.gatewaysElsewhere': '1' },
    '3 gateways at once (replicaCount + updateStrategy.maxSurge + contactCentre.gatewaysElsewhere) × contactCentre.authFailuresMax 2',
  ],
  [
    'an autoscaler that could lock the address',
    { 'autoscaling.enabled': 'true', 'contactCentre.capacity': '80' },
    '4 gateways at once (autoscaling.maxReplicas + updateStrategy.maxSurge) × contactCentre.authFailuresMax 2 = 8 refused signatures',
  ],
  [
    'an autoscaler that could overload the contact centre',
    { 'autoscaling.enabled': 'true', 'contactCentre.authFailuresMax': '1' },
    'the contact centre could be overloaded: 4 gateways at once (autoscaling.maxReplicas + updateStrategy.maxSurge) × contactCentre.maxConcurrency 20 = 80 requests in flight, and it bears contactCentre.capacity = 40. Lower maxConcurrency or the number of gateways',
  ],
  [
    'a second pair that is never tried',
    { 'contactCentre.secondPair': 'true', 'contactCentre.authFailuresMax': '1' },
    'contactCentre.authFailuresMax must be at least 2 with contactCentre.secondPair: at 1 the second pair is never tried',
  ],
  [
    'several gateways without Redis',
    { 'redis.enabled': 'false' },
    'without Redis each gateway asks the contact centre for itself, and forgetCall reaches one of them: say redis.enabled=true, or one gateway',
  ],
  [
    'no name of the secret of Redis',
    { 'redis.existingSecret': '""' },
    'redis.existingSecret is empty: name the secret with url, or say redis.enabled=false',
  ],
  [
    'an autoscaler whose least is more than its most',
    { 'autoscaling.enabled': 'true', 'autoscaling.minReplicas': '3', 'autoscaling.maxReplicas': '2' },
    'autoscaling.minReplicas must not be more than autoscaling.maxReplicas',
  ],
  [
    'an update that could not begin',
    { 'updateStrategy.maxUnavailable': '0' },
    'updateStrategy.maxSurge and maxUnavailable are both 0: no update could begin',
  ],
  [
    'a budget that lets no node be drained',
    { 'podDisruptionBudget.maxUnavailable': '0' },
    'podDisruptionBudget.maxUnavailable is 0: no node with a gateway could ever be drained',
  ],
  [
    'an Ingress whose address would be every client’s',
    { 'ingress.enabled': 'true', 'ingress.hosts': '["call-trace.example"]' },
    'trustedProxies is 0 behind an Ingress: every client would have the address of the proxy, and the wrong credentials of one would make all of them wait. Give the number of proxies in front of the gateways',
  ],
  [
    'an HTTPRoute without a Gateway',
    { 'httpRoute.enabled': 'true' },
    'httpRoute.parentRefs is empty: the HTTPRoute would hang from no Gateway\n  - trustedProxies is 0 behind an HTTPRoute',
  ],
  [
    'an Ingress without hosts',
    { 'ingress.enabled': 'true', trustedProxies: '1' },
    'ingress.hosts is empty: the Ingress would lead nowhere',
  ],
  [
    'a network policy that names nobody',
    { 'networkPolicy.enabled': 'true', 'serviceMonitor.enabled': 'true' },
    [
      'networkPolicy.clients is empty: the policy would cut the gateways off from everybody who asks',
      'networkPolicy.contactCentreCidrs is empty: the policy would cut the gateways off from the contact centre',
      'networkPolicy.redis is empty: the policy would cut the gateways off from Redis',
      'networkPolicy.monitoring is empty: the policy would forbid what the ServiceMonitor asks for',
    ].join('\n  - '),
  ],
  [
    'alerts whose runbooks nobody finds',
    { 'prometheusRule.enabled': 'true' },
    'sourceUrl is empty: the runbooks of alerts and dashboard would lead nowhere; give the address under which docs/ is to be found',
  ],
  [
    'no address and no keys of the contact centre',
    { 'contactCentre.urls': '[]', 'contactCentre.existingSecret': '""' },
    'contactCentre.urls is empty: give the addresses of the contact centre, such as https://192.0.2.10:28443\n  - contactCentre.existingSecret is empty: name the secret with access-key and secret-key',
  ],
  [
    'no signing proxy',
    { 'contactCentre.auth': '"proxy"' },
    'contactCentre.signingProxyUrl is empty: contactCentre.auth=proxy needs the service that signs',
  ],
  [
    'no list of API keys',
    { 'auth.apiKeysSecret': '""' },
    'auth.apiKeysSecret is empty: auth.mode=api-key needs the secret with api-keys.json',
  ],
  [
    'tokens of nobody',
    { 'auth.mode': '"jwt"' },
    'auth.issuer is empty: auth.mode=jwt takes no token without it\n  - auth.audience is empty: auth.mode=jwt takes no token without it\n  - auth.jwksUrl or auth.publicKeysSecret: auth.mode=jwt needs one of them, not both',
  ],
  [
    'a policy of documents without a manifest',
    { 'trustedDocuments.mode': '"log"' },
    'trustedDocuments.existingConfigMap is empty: trustedDocuments.mode=log needs the manifest',
  ],
  [
    'a deadline that no attempt fits into',
    { requestDeadlineMs: '3999' },
    'requestDeadlineMs is 3999: it must not be less than settings.CMS_ATTEMPT_TIMEOUT_MS, which is 4000',
  ],
  [
    'a deadline that no attempt of a chosen length fits into',
    { 'settings.CMS_ATTEMPT_TIMEOUT_MS': '10001' },
    'requestDeadlineMs is 10000: it must not be less than settings.CMS_ATTEMPT_TIMEOUT_MS, which is 10001',
  ],
  [
    'an address that would be asked in plain text',
    { 'contactCentre.urls': '["https://192.0.2.10:28443", "http://192.0.2.11:28080"]' },
    'contactCentre.urls has http://192.0.2.11:28080: no gateway starts so, unless settings.CMS_ALLOW_PLAIN_HTTP is true',
  ],
  [
    'a signing proxy that would be asked in plain text',
    { 'contactCentre.auth': '"proxy"', 'contactCentre.signingProxyUrl': '"http://signer.example"' },
    'contactCentre.signingProxyUrl has http://signer.example: no gateway starts so',
  ],
  [
    'keys of an issuer that would be fetched in plain text',
    { 'auth.mode': '"both"', 'auth.jwksUrl': '"http://login.example/keys"' },
    'auth.jwksUrl has http://login.example/keys: no gateway starts so',
  ],
  [
    'an update that ends two gateways at once',
    { 'updateStrategy.maxUnavailable': '2' },
    'updateStrategy.maxUnavailable comes to 2 gateways: those that end still ask the contact centre, beside those that replace them. Let it be 1 at most',
  ],
  [
    'an update that ends two gateways at once, in percent',
    { 'updateStrategy.maxUnavailable': '"100%"' },
    'updateStrategy.maxUnavailable comes to 2 gateways',
  ],
  [
    'a budget that lets two gateways end at once',
    { 'podDisruptionBudget.maxUnavailable': '"51%"' },
    'podDisruptionBudget.maxUnavailable comes to 2 gateways',
  ],
  [
    'values that would be ignored',
    {
      'contactCentre.auth': '"bearer"',
      'contactCentre.signingProxyUrl': '"https://signer.example"',
      'contactCentre.secondPair': 'true',
      'auth.mode': '"none"',
      'auth.issuer': '"https://login.example/"',
      'auth.audience': '"call-trace"',
      'auth.jwksUrl': '"https://login.example/keys"',
      'auth.publicKeysSecret': '"token-keys"',
      'redis.enabled': 'false',
      'redis.caSecret': '"redis-ca"',
      'redis.sentinelAuthSecret': '"redis-sentinels"',
      'redis.encryptionKeysSecret': '"cache-keys"',
      'trustedDocuments.existingConfigMap': '"documents"',
      'serviceAccount.create': 'false',
      'serviceAccount.annotations': '{"example.com/role": "reader"}',
    },
    [
      'contactCentre.signingProxyUrl would be ignored: it needs contactCentre.auth=proxy',
      'contactCentre.secondPair would be ignored: it needs contactCentre.auth=signature',
      'auth.apiKeysSecret would be ignored: it needs auth.mode=api-key or both',
      'auth.issuer would be ignored: it needs auth.mode=jwt or both',
      'auth.audience would be ignored: it needs auth.mode=jwt or both',
      'auth.jwksUrl would be ignored: it needs auth.mode=jwt or both',
      'auth.publicKeysSecret would be ignored: it needs auth.mode=jwt or both',
      'redis.existingSecret would be ignored: it needs redis.enabled=true',
      'redis.caSecret would be ignored: it needs redis.enabled=true',
      'redis.sentinelAuthSecret would be ignored: it needs redis.enabled=true',
      'redis.encryptionKeysSecret would be ignored: it needs redis.enabled=true',
      'trustedDocuments.existingConfigMap would be ignored: it needs trustedDocuments.mode=log or enforce',
      'serviceAccount.annotations would be ignored: it needs serviceAccount.create=true',
    ].join('\n  - '),
  ],
  [
    'a label that selects the gateways',
    { podLabels: '{"app.kubernetes.io/component": "voice"}' },
    'podLabels has app.kubernetes.io/component, by which the chart selects the gateways',
  ],
  ...CUT_OFF.map(([name, values]): readonly [string, Values, string] => [
    `a network policy that forbids the way to ${name}`,
    { 'networkPolicy.enabled': 'true', ...values },
    `networkPolicy.extraEgress is empty: the policy would cut the gateways off from ${name}`,
  ]),
  // What the schema refuses.
  ['a misspelt value', { replicas: '3' }, "additional properties 'replicas' not allowed"],
  [
    'a misspelt value in a group',
    { 'contactCentre.maxConcurency': '3' },
    "additional properties 'maxConcurency' not allowed",
  ],
  ['a misspelt setting', { 'settings.LOG_LEVL': '"debug"' }, 'LOG_LEVL'],
  ['a secret as a setting', { 'settings.CMS_SECRET_KEY': '"top-secret"' }, 'CMS_SECRET_KEY'],
  ['a setting that another value sets', { 'settings.CMS_MAX_CONCURRENCY': '100' }, 'CMS_MAX_CONCURRENCY'],
  ['a text for a number', { replicaCount: '"two"' }, 'got string, want integer'],
  ['a tag where a digest is due', { 'image.digest': '"latest"' }, 'does not match pattern'],
  ['the address to listen at, which probes need', { 'settings.HOST': '"127.0.0.1"' }, 'HOST'],
  [
    'a password in an address of the contact centre',
    { 'contactCentre.urls': '["https://user:secret@192.0.2.10:28443"]' },
    'does not match pattern',
  ],
  ...['contactCentre.signingProxyUrl', 'auth.jwksUrl', 'sourceUrl'].map((name): readonly [string, Values, string] => [
    `a password in ${name}`,
    { [name]: '"https://user:secret@host.example/path"' },
    'does not match pattern',
  ]),
];

describe('the chart refuses', () => {
  let tools: Tools;
  beforeAll(() => {
    tools = findTools();
  });
  const template = (values: Values, helm: 'helm3' | 'helm4' = 'helm4'): Run => {
    const options = Object.entries(values).flatMap(([name, value]) => ['--set-json', `${name}=${value}`]);
    return run(tools[helm], ['template', 'gateway', CHART, '--values', `${CHART}/ci/api-keys-values.yaml`, ...options]);
  };

  it.each(REFUSED)('%s', (_, values, sentence) => {
    const { code, stdout, stderr } = template(values);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  it('with the same sentence in Helm 3', () => {
    const values = { 'updateStrategy.maxSurge': '1' };
    const last = (result: Run): string => result.stderr.slice(result.stderr.lastIndexOf('these values cannot be used'));
    const sentence = last(template(values, 'helm3'));
    expect(sentence).toContain('a wrong key would lock the address');
    expect(sentence).toBe(last(template(values)));
  });

  it('no plain text on the same machine, or where it is allowed', () => {
    const urls = { 'contactCentre.urls': '["http://127.0.0.1:28080", "http://localhost", "http://[::1]:1"]' };
    expect(template(urls)).toMatchObject({ code: 0 });
    const allowed = { 'contactCentre.urls': '["http://192.0.2.10"]', 'settings.CMS_ALLOW_PLAIN_HTTP': 'true' };
    expect(template(allowed)).toMatchObject({ code: 0 });
  });

  it('no address with an @ behind its authority', () => {
    expect(template({ sourceUrl: '"https://git.example/@team/call-trace"' })).toMatchObject({ code: 0 });
  });

  it('no surge that the contact centre bears', () => {
    const values = {
      'updateStrategy.maxSurge': '1',
      'contactCentre.authFailuresMax': '1',
      'contactCentre.capacity': '60',
    };
    expect(template(values)).toMatchObject({ code: 0 });
  });
});

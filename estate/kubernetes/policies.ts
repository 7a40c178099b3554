import { SECRETS } from '../../src/config/settings.js';
import type { Manifest } from './manifests.js';
import { strayReferences } from './references.js';
import { environmentOf, workloadOf, type PodSpec, type Workload } from './workload.js';

/** What a gateway takes without its cache, and how many bytes a byte of the cache costs. Unit: MiB. Source: docs/operations.md, "Memory". */
const PROCESS_MIB = 250;
const PER_CACHED_MIB = 2;
/** What a gateway needs after its drain and its deadline. Unit: s. Source: docs/operations.md, "Grace". */
const REST_SECONDS = 12;

/** The most gateways that run at once: those wanted, and an update's surge. */
export function gatewaysAtOnce(manifests: readonly Manifest[]): number {
  const workload = workloadOf(manifests);
  const scaler = manifests.find(({ kind }) => kind === 'HorizontalPodAutoscaler')?.spec as
    { maxReplicas: number } | undefined;
  const most = scaler?.maxReplicas ?? workload.replicas ?? 1;
  const { maxSurge } = workload.strategy.rollingUpdate;
  return most + (typeof maxSurge === 'number' ? maxSurge : Math.ceil((most * parseInt(maxSurge)) / 100));
}

/** Returns a sentence for each rule that the manifests of a release break. */
export function brokenPolicies(manifests: readonly Manifest[]): string[] {
  const workload = workloadOf(manifests);
  const pods = manifests.flatMap(({ kind, spec }) => (kind === 'Pod' ? [spec as PodSpec] : []));
  return [
    ...[workload.template.spec, ...pods].flatMap(openDoors),
    ...secretsInTheOpen(manifests),
    ...lostFiles(workload, environmentOf(manifests)),
    ...probeProblems(workload),
    ...measureProblems(workload, environmentOf(manifests)),
    ...strayReferences(manifests),
  ];
}

/** What a pod may do that it need not. */
function openDoors(pod: PodSpec): string[] {
  const { runAsNonRoot, runAsUser, seccompProfile } = pod.securityContext;
  return [
    ...(runAsNonRoot && runAsUser >= 1000 ? [] : ['a pod may run as root']),
    ...(seccompProfile.type === 'RuntimeDefault' ? [] : ['a pod has no seccomp profile']),
    ...(pod.automountServiceAccountToken ? ['a pod has a token for the API server'] : []),
    ...pod.containers.flatMap((container) => {
      const { name, resources, securityContext, volumeMounts = [] } = container;
      return [
        ...(securityContext.allowPrivilegeEscalation ? [`${name} may gain privileges`] : []),
        ...(securityContext.readOnlyRootFilesystem ? [] : [`${name} may write to its image`]),
        ...(securityContext.capabilities.drop.includes('ALL') ? [] : [`${name} keeps capabilities`]),
        ...(resources.limits['memory'] === undefined ? [`${name} has no limit of memory`] : []),
        ...(resources.limits['cpu'] === undefined ? [] : [`${name} has a limit of processor time`]),
        ...(resources.requests['cpu'] === undefined ? [`${name} requests no processor time`] : []),
        ...volumeMounts.flatMap(({ subPath }) => (subPath === undefined ? [] : [`${name} mounts a file alone`])),
      ];
    }),
  ];
}

/** Secrets that the manifests hold, or that are variables. */
function secretsInTheOpen(manifests: readonly Manifest[]): string[] {
  const [gateway] = workloadOf(manifests).template.spec.containers;
  const names = (gateway.env ?? []).map(({ name }) => name);
  return [
    ...SECRETS.filter((name) => names.includes(name)).map((name) => `${name} is a variable`),
    ...(gateway.env ?? []).flatMap(({ name, valueFrom }) =>
      valueFrom === undefined ? [] : [`${name} comes from a secret`],
    ),
    ...manifests.flatMap(({ kind, metadata }) =>
      kind === 'Secret' ? [`${metadata.name} is a secret in the open`] : [],
    ),
  ];
}

/** Settings that name a file below a mounted volume which that volume does not have; volumes that are not mounted. */
function lostFiles(workload: Workload, environment: Readonly<Record<string, string>>): string[] {
  const { containers, volumes = [] } = workload.template.spec;
  const mounts = containers[0].volumeMounts ?? [];
  const files = volumes.flatMap(({ name, secret, configMap }) => {
    const at = mounts.find((mount) => mount.name === name)?.mountPath ?? 'nowhere';
    return (secret?.items ?? configMap?.items ?? []).map(({ path }) => `${at}/${path}`);
  });
  const named = Object.entries(environment).filter(([, value]) => /^\/(?:run\/secrets|etc)\//.test(value));
  return [
    ...named.flatMap(([name, path]) => (files.includes(path) ? [] : [`${name} names ${path}, which is not mounted`])),
    ...files.flatMap((path) => (named.some(([, value]) => value === path) ? [] : [`${path} is read by no setting`])),
  ];
}

function probeProblems(workload: Workload): string[] {
  const [gateway] = workload.template.spec.containers;
  const of = (kind: 'startup' | 'liveness' | 'readiness', path: string): string[] => {
    const probe = gateway[`${kind}Probe`];
    const isRight = probe?.httpGet.path === path && probe.httpGet.port === 'admin';
    return isRight ? [] : [`the ${kind} probe does not ask ${path} at the admin port`];
  };
  const hasPort = gateway.ports?.some(({ name }) => name === 'admin') === true;
  return [
    ...of('startup', '/healthz'),
    ...of('liveness', '/healthz'),
    ...of('readiness', '/readyz'),
    ...(hasPort ? [] : ['there is no admin port']),
  ];
}

/** Times and memory that do not fit the settings. */
function measureProblems(workload: Workload, environment: Readonly<Record<string, string>>): string[] {
  const number = (name: string): number => Number(environment[name]);
  const grace = workload.template.spec.terminationGracePeriodSeconds ?? 0;
  const needed = (number('DRAIN_MS') + number('REQUEST_DEADLINE_MS')) / 1000 + REST_SECONDS;
  const [gateway] = workload.template.spec.containers;
  const limit = mebibytes(gateway.resources.limits['memory'] ?? '');
  const ports = new Set(gateway.ports?.map(({ containerPort }) => containerPort));
  return [
    ...(grace >= needed ? [] : [`the grace of ${grace} s is less than ${needed} s`]),
    ...(workload.minReadySeconds >= grace ? [] : ['an update does not wait until a gateway has drained']),
    ...(limit >= PROCESS_MIB + PER_CACHED_MIB * number('CACHE_MEMORY_MIB') ? [] : ['the limit of memory is too low']),
    ...(ports.has(number('PORT')) && ports.has(number('ADMIN_PORT')) ? [] : ['the gateway listens at other ports']),
  ];
}

function mebibytes(quantity: string): number {
  const [, count = NaN, unit = ''] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
  return Number(count) * (unit === 'Gi' ? 1024 : 1);
}

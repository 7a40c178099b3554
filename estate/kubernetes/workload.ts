import type { Manifest } from './manifests.js';

/** A container, as far as the policies and the start of the gateway look at it. */
export interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext: {
    readonly allowPrivilegeEscalation: boolean;
    readonly readOnlyRootFilesystem: boolean;
    readonly capabilities: { readonly drop: readonly string[] };
  };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly path: string; readonly port: string } };
}

/** A pod. */
export interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: {
    readonly runAsNonRoot: boolean;
    readonly runAsUser: number;
    readonly seccompProfile: { readonly type: string };
  };
  readonly containers: readonly [Container, ...Container[]];
  readonly volumes?: readonly {
    readonly name: string;
    readonly secret?: { readonly items: readonly { readonly key: string; readonly path: string }[] };
    readonly configMap?: { readonly items: readonly { readonly key: string; readonly path: string }[] };
  }[];
}

/** The Deployment of the gateways. */
export interface Workload {
  readonly minReadySeconds: number;
  readonly replicas?: number;
  readonly strategy: { readonly rollingUpdate: Readonly<Record<'maxSurge' | 'maxUnavailable', number | string>> };
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: {
    readonly metadata: {
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly spec: PodSpec;
  };
}

/** Returns the Deployment among manifests. Throws if there is none. */
export function workloadOf(manifests: readonly Manifest[]): Workload {
  return specOf(manifests, 'Deployment') as Workload;
}

/** Returns the specification of the first resource of a kind. Throws if there is none. */
export function specOf(manifests: readonly Manifest[], kind: string): unknown {
  const found = manifests.find((one) => one.kind === kind);
  if (found?.spec === undefined) throw new Error(`there is no ${kind}`);
  return found.spec;
}

/** Returns the environment of the gateway. */
export function environmentOf(manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  const [gateway] = workloadOf(manifests).template.spec.containers;
  return Object.fromEntries((gateway.env ?? []).map(({ name, value = '' }) => [name, value]));
}

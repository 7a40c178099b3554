import type { Manifest } from './manifests.js';
import { workloadOf } from './workload.js';

type Labels = Readonly<Record<string, string>>;

/** A Service. */
interface ServiceSpec {
  readonly selector: Labels;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
}

/** Returns a sentence for each resource whose selectors select nothing, or that names what there is not. */
export function strayReferences(manifests: readonly Manifest[]): string[] {
  const { labels } = workloadOf(manifests).template.metadata;
  return manifests.flatMap((one) =>
    selectorsOf(one).every((selector) => selects(selector, labels)) && leadsOn(one, manifests)
      ? []
      : [`${one.kind} ${one.metadata.name} leads nowhere`],
  );
}

/** What selects the gateways. */
function selectorsOf({ kind, spec }: Manifest): (Labels | undefined)[] {
  const { selector, podSelector } = (spec ?? {}) as Record<string, { readonly matchLabels?: Labels } | undefined>;
  if (kind === 'Deployment' || kind === 'PodDisruptionBudget') return [selector?.matchLabels];
  if (kind === 'NetworkPolicy') return [podSelector?.matchLabels];
  return kind === 'Service' ? [selector as Labels | undefined] : [];
}

/** Whether what a resource names is there. */
function leadsOn({ kind, spec }: Manifest, manifests: readonly Manifest[]): boolean {
  const services = manifests.filter((one) => one.kind === 'Service');
  const hasPort = (service: Manifest, port: string | number): boolean =>
    (service.spec as ServiceSpec).ports.some((one) => one.name === port || one.port === port);
  const ports = new Set(workloadOf(manifests).template.spec.containers[0].ports?.map(({ name }) => name));
  switch (kind) {
    case 'Service':
      return (spec as ServiceSpec).ports.every(({ targetPort }) => ports.has(targetPort));
    case 'NetworkPolicy': {
      const { ingress } = spec as {
        readonly ingress: readonly { readonly ports: readonly { readonly port: string }[] }[];
      };
      return ingress.flatMap((rule) => rule.ports).every(({ port }) => ports.has(port));
    }
    case 'ServiceMonitor': {
      const { selector, endpoints } = spec as {
        readonly selector: { readonly matchLabels: Labels };
        readonly endpoints: readonly { readonly port: string }[];
      };
      const found = services.filter((one) => selects(selector.matchLabels, one.metadata.labels ?? {}));
      return found.length === 1 && endpoints.every(({ port }) => found.every((service) => hasPort(service, port)));
    }
    case 'HorizontalPodAutoscaler': {
      const { scaleTargetRef } = spec as { readonly scaleTargetRef: { readonly kind: string; readonly name: string } };
      return manifests.some((one) => one.kind === scaleTargetRef.kind && one.metadata.name === scaleTargetRef.name);
    }
    case 'Ingress':
    case 'HTTPRoute':
      return backendsOf(spec).every(([name, port]) =>
        services.some((one) => one.metadata.name === name && hasPort(one, port)),
      );
    default:
      return true;
  }
}

/** The services, and their ports, that an Ingress or an HTTPRoute leads to. */
function backendsOf(spec: unknown): (readonly [name: string, port: string | number])[] {
  const { rules } = spec as {
    readonly rules: readonly {
      readonly http?: {
        readonly paths: readonly {
          readonly backend: { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
        }[];
      };
      readonly backendRefs?: readonly { readonly name: string; readonly port: number }[];
    }[];
  };
  return rules.flatMap(({ http, backendRefs = [] }) => [
    ...(http?.paths ?? []).map(({ backend: { service } }) => [service.name, service.port.name] as const),
    ...backendRefs.map(({ name, port }) => [name, port] as const),
  ]);
}

function selects(selector: Labels | undefined, labels: Labels): boolean {
  return selector !== undefined && Object.entries(selector).every(([name, value]) => labels[name] === value);
}

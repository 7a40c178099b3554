/** Where packages of OpenTelemetry that are not ours register what they bring. Source: @opentelemetry/api 1.x, `global-utils`. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

/** What an agent of OpenTelemetry has registered in this process. */
interface Registry {
  /** Of its API. */
  readonly version?: string;
  readonly trace?: unknown;
}

/** Returns what an agent in this process has registered for traces; null: none runs. Our own SDK registers nothing. */
export function registeredAgent(): Registry | null {
  const registry = (globalThis as Readonly<Record<symbol, Registry | undefined>>)[REGISTRY];
  return registry?.trace === undefined ? null : registry;
}

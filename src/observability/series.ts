import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * Buckets for the time that clients wait, from a fraction of a millisecond (fast path) to the whole deadline (10 s). Unit:
 * seconds.
 */
export const OPERATION_SECONDS = [
  0.00025, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 12.5,
];

/** Buckets for a request to the contact centre, whose default limit is 4 s. Unit: seconds. */
export const ATTEMPT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4, 10];

/** Adds a gauge whose value is computed at each scrape. */
export function addGauge(register: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [register],
    collect() {
      this.set(value());
    },
  });
}

/** Adds a counter whose totals are kept elsewhere: `total` of each series is read at each scrape. */
export function addCounter(
  register: Registry,
  name: string,
  help: string,
  series: readonly { readonly labels: Readonly<Record<string, string>>; readonly total: () => number }[],
): void {
  const counted = series.map(() => 0);
  new Counter({
    name,
    help,
    labelNames: Object.keys(series[0]?.labels ?? {}),
    registers: [register],
    collect() {
      series.forEach(({ labels, total }, index) => {
        const now = total();
        this.inc(labels, now - (counted[index] ?? 0));
        counted[index] = now;
      });
    },
  });
}

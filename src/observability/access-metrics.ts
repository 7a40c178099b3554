import { Gauge, type Registry } from 'prom-client';

/** What is known of the keys that callers are checked with. */
export interface AccessMetricsOptions {
  /** Where keys come from, by setting, and how long ago they were last read there. Unit: ms. */
  readonly accessFiles: () => readonly { readonly file: string; readonly ageMs: () => number }[];
}

/** Adds the age of the keys that callers are checked with: a file of keys that is gone would otherwise be noticed by nobody. */
export function registerAccessMetrics(register: Registry, { accessFiles }: AccessMetricsOptions): void {
  new Gauge({
    name: 'calltrace_access_file_age_seconds',
    help: 'Time since keys of callers were last read, by the setting that names their place; at most 10 for a file and 300 for AUTH_JWKS_URL where nothing is wrong.',
    labelNames: ['file'],
    registers: [register],
    collect() {
      for (const { file, ageMs } of accessFiles()) this.set({ file }, ageMs() / 1000);
    },
  });
}

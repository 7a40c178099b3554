import { Gauge, type Registry } from 'prom-client';

/** The state of the keys for checking credentials. */
export interface AccessMetricsOptions {
  /** The places of keys, by setting, and the time since keys were last read there. Unit: ms. */
  readonly accessFiles: () => readonly { readonly file: string; readonly ageMs: () => number }[];
}

/** Adds the age of the keys for checking credentials, so that a missing file of keys is noticed. */
export function registerAccessMetrics(register: Registry, { accessFiles }: AccessMetricsOptions): void {
  new Gauge({
    name: 'calltrace_access_file_age_seconds',
    help: 'Time since the keys of callers were last read, by the setting that names their place; normally at most 10 for a file and 300 for AUTH_JWKS_URL.',
    labelNames: ['file'],
    registers: [register],
    collect() {
      for (const { file, ageMs } of accessFiles()) this.set({ file }, ageMs() / 1000);
    },
  });
}

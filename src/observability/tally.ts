import { Counter, Histogram, type CounterConfiguration, type HistogramConfiguration } from 'prom-client';

/**
 * Returns what adds to a new counter, under the values of its labels in their order. The sums are kept here and handed
 * on when the counter is read: prom-client takes a microsecond to find a series, and requests have little more.
 */
export function createTally<Label extends string>(
  config: CounterConfiguration<Label> & { readonly labelNames: readonly Label[] },
): (count: number, ...values: string[]) => void {
  const sums = new Map<string, { readonly values: readonly string[]; count: number }>();
  const counter = new Counter<Label>({
    ...config,
    collect() {
      for (const sum of sums.values()) {
        if (sum.count > 0) counter.inc(labelled(config.labelNames, sum.values), sum.count);
        sum.count = 0;
      }
    },
  });
  return (count, ...values) => {
    const series = values.length === 1 ? (values[0] ?? '') : values.join('\n');
    const sum = sums.get(series);
    if (sum) sum.count += count;
    else sums.set(series, { values, count });
  };
}

/** So many durations wait to be handed on, at most. */
const MAX_WAITING = 1_000;

/** Returns what adds a duration to a new histogram, under the value of its one label; handed on like a tally. Unit: s. */
export function createTimings<Label extends string>(
  config: HistogramConfiguration<Label> & { readonly labelNames: readonly [Label] },
): (seconds: number, value: string) => void {
  const waiting = new Map<string, number[]>();
  const histogram = new Histogram<Label>({
    ...config,
    collect() {
      for (const [value, durations] of waiting) handOn(value, durations);
    },
  });
  return (seconds, value) => {
    const durations = waiting.get(value);
    if (!durations) waiting.set(value, [seconds]);
    else if (durations.push(seconds) >= MAX_WAITING) handOn(value, durations);
  };

  function handOn(value: string, durations: number[]): void {
    for (const seconds of durations) histogram.observe(labelled(config.labelNames, [value]), seconds);
    durations.length = 0;
  }
}

function labelled<Label extends string>(names: readonly Label[], values: readonly string[]): Record<Label, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])) as Record<Label, string>;
}

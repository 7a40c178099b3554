import DataLoader from 'dataloader';
import type { AskOptions, FetchTraces } from './call/fetch-traces.js';
import { traceKeyText, type TraceQuestion } from './call/key.js';
import type { CallTrace } from './call/trace.js';

/** Loads traces for one HTTP request: loads of one tick become one batch, and equal ones are loaded once. */
export type TraceLoader = DataLoader<TraceQuestion, CallTrace, string>;

/** Returns a loader for one HTTP request with these options. */
export function createLoader(fetchTraces: FetchTraces, ask: AskOptions): TraceLoader {
  return new DataLoader(
    (questions) => {
      const keys = questions.map(({ key }) => key);
      const span = ask.span?.child('load calls', {
        'calltrace.batch.size': keys.length,
        'calltrace.refresh': ask.refresh === true,
      });
      const traces = Promise.all(fetchTraces(keys, { ...ask, hints: hintsOf(questions), span }));
      return span ? traces.finally(() => span.end()) : traces;
    },
    { cacheKeyFn: ({ key, loggedAt }) => `${traceKeyText(key)} ${loggedAt ?? ''}` },
  );
}

/** Returns the hints of a batch by key, so that all questions about one call get the same answer. */
function hintsOf(questions: readonly TraceQuestion[]): AskOptions['hints'] {
  const hints = new Map<string, number[]>();
  for (const { key, loggedAt } of questions) {
    if (loggedAt === undefined) continue;
    const keyText = traceKeyText(key);
    hints.set(keyText, [...(hints.get(keyText) ?? []), loggedAt]);
  }
  return hints.size > 0 ? hints : undefined;
}

import DataLoader from 'dataloader';
import { traceKeyText, type TraceKey } from './call/key.js';
import type { AskOptions, CallTrace, FetchTraces } from './call/trace.js';

/** Loads traces for one request: keys of one tick become one batch, equal keys one. */
export type TraceLoader = DataLoader<TraceKey, CallTrace, string>;

/** Returns a loader for one request, asking as `ask` says. */
export function createLoader(fetchTraces: FetchTraces, ask: AskOptions): TraceLoader {
  return new DataLoader((keys) => fetchTraces(keys, ask), { cacheKeyFn: traceKeyText });
}

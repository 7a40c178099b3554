import type { CallTrace } from '../../call/trace.js';
import type { KeyQuestion } from './key-cache.js';
import type { Root } from './plan.js';
import type { View } from './view.js';

/** The views of traces, kept as long as their traces are referenced. */
export interface ViewCache {
  /** Returns the stored view of a trace. */
  get(root: Root, trace: CallTrace, seesNumbers: boolean): View | undefined;
  /** Creates the view of a trace, and stores it if the trace is in memory. Null if the standard path would answer with an error. */
  make(root: Root, key: KeyQuestion, trace: CallTrace, seesNumbers: boolean): View | null;
}

/** Most views of one trace, one per selection. */
const MAX_VIEWS = 8;
/** Memory of a view in addition to its bytes. Unit: bytes. */
const VIEW_BYTES = 300;

/** Returns an empty cache of views. `weigh` receives the size of all views of a trace (bytes). */
export function createViewCache(weigh: (key: KeyQuestion, trace: CallTrace, bytes: number) => void): ViewCache {
  const views = new WeakMap<CallTrace, Map<string, View>>();
  return {
    get: (root, trace, seesNumbers) => views.get(trace)?.get(idOf(root, seesNumbers)),
    make(root, key, trace, seesNumbers) {
      const isKept = trace.source === 'MEMORY' && !trace.stale; // any other was made for one answer
      const view = makeView(root, trace, seesNumbers, isKept);
      if (!view || !isKept) return view;
      const others = views.get(trace);
      const all = others && others.size < MAX_VIEWS ? others : new Map<string, View>();
      all.set(idOf(root, seesNumbers), view);
      views.set(trace, all);
      let bytes = 0;
      for (const { size } of all.values()) bytes += size + VIEW_BYTES;
      weigh(key, trace, bytes);
      return view;
    },
  };
}

function idOf({ viewIds }: Root, seesNumbers: boolean): string {
  return seesNumbers ? viewIds.whole : viewIds.masked;
}

function makeView(root: Root, trace: CallTrace, seesNumbers: boolean, isKept: boolean): View | null {
  try {
    return root.view.make(trace, seesNumbers, isKept);
  } catch {
    return null;
  }
}

import type { CallTrace } from '../../call/trace.js';
import type { KeyQuestion } from './key-cache.js';
import type { Root } from './plan.js';
import type { View } from './view.js';

/** Views, kept beside the traces that they show for as long as these are held by anybody. */
export interface ViewCache {
  /** The view of a trace, if it is kept. */
  get(root: Root, trace: CallTrace, seesNumbers: boolean): View | undefined;
  /** Makes the view of a trace, and keeps it if the trace is in memory. Null if the standard path answers with an error there. */
  make(root: Root, key: KeyQuestion, trace: CallTrace, seesNumbers: boolean): View | null;
}

/** Views that are kept of one trace, each of another selection. */
const MAX_VIEWS = 8;
/** What a view takes beside its bytes. Unit: bytes. */
const VIEW_BYTES = 300;

/** Returns a cache that holds no view. `weigh` is told what all views of a trace take together (bytes). */
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

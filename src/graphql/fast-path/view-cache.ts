import type { KnownKey } from './known-keys.js';
import type { CallTrace } from '../../call/trace.js';
import type { Root } from './plan.js';
import type { View } from './view.js';

/** The view of a trace; null if the plain way would answer an error, or something that only it can tell. */
export type KeptView = (root: Root, key: KnownKey, trace: CallTrace, seesNumbers: boolean) => View | null;

/** Views of one trace: of so many selections. */
const MAX_VIEWS = 8;
/** What a view takes beside its bytes. Unit: bytes. */
const VIEW_BYTES = 300;

/**
 * Returns what keeps views beside traces, for as long as these are held by anybody. `weigh` is told what all views of a
 * trace take together (bytes).
 */
export function createViewCache(weigh: (key: KnownKey, trace: CallTrace, bytes: number) => void): KeptView {
  const kept = new WeakMap<CallTrace, Map<string, View>>();

  return (root, key, trace, seesNumbers) => {
    const id = seesNumbers ? root.keptAs.whole : root.keptAs.masked;
    const ofTrace = kept.get(trace);
    const known = ofTrace?.get(id);
    if (known) return known;
    const view = makeView(root, trace, seesNumbers);
    if (!view) return null;
    const all = ofTrace && ofTrace.size < MAX_VIEWS ? ofTrace : new Map<string, View>();
    all.set(id, view);
    kept.set(trace, all);
    weigh(
      key,
      trace,
      [...all.values()].reduce((bytes, { size }) => bytes + size + VIEW_BYTES, 0),
    );
    return view;
  };
}

function makeView(root: Root, trace: CallTrace, seesNumbers: boolean): View | null {
  try {
    return root.view.make(trace, seesNumbers);
  } catch {
    return null;
  }
}

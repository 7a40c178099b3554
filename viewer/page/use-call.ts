import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { AskError } from '../graph/ask-error.js';
import type { CallAnswer, Graph, Telling } from '../graph/ask.js';
import type { CallKey } from '../graph/call-key.js';

/** What is known of a call. `call` undefined: nothing yet; null: there is none. */
export interface CallState extends Omit<CallAnswer, 'call'> {
  readonly call: CallAnswer['call'] | undefined;
  /** Why the last question was not answered; null if it was. */
  readonly problem: AskError | null;
  readonly isAsking: boolean;
}

const NOTHING: CallState = { call: undefined, hasDetails: true, missing: [], problem: null, isAsking: true };
/** A call in progress is asked for so often at most. Unit: ms. */
const POLL_MS = 5_000;

/** Asks for a call, again when the graph or the telling changes, and as long as it is in progress. `onUpdate`: it has come anew. */
export function useCall(graph: Graph, key: CallKey, { language, zone }: Telling, onUpdate: () => void) {
  const [state, setState] = useState<CallState>(NOTHING);
  const latest = useRef(0);
  // What is scheduled now calls what is given then: it may know the texts by that time.
  const tell = useRef(onUpdate);
  tell.current = onUpdate;
  const ask = useCallback(
    async (options: { refresh?: boolean } = {}) => {
      const mine = (latest.current += 1);
      setState((before) => ({ ...before, isAsking: true }));
      try {
        const answer = await graph.call(key, { language, zone }, options);
        if (mine === latest.current) setState({ ...answer, problem: null, isAsking: false });
      } catch (error) {
        const problem = error instanceof AskError ? error : new AskError('UNREADABLE', String(error));
        if (mine === latest.current) setState((before) => ({ ...before, problem, isAsking: false }));
      }
    },
    [graph, key.vdn, key.callId, key.month, key.ccId, language, zone],
  );
  // At once, not after the next frame, as effects are.
  useLayoutEffect(() => void ask(), [ask]);
  usePolling(state, async () => {
    await ask();
    tell.current();
  });
  return { state, ask };
}

/** Asks again when the answer is no longer fresh, while the call is in progress and the page is visible. */
function usePolling({ call, isAsking, problem }: CallState, ask: () => Promise<void>): void {
  const isFollowing = call?.verdict === 'IN_PROGRESS' && !isAsking;
  useEffect(() => {
    if (!isFollowing) return;
    const { freshUntil, askedAt, ageMs } = call.freshness;
    // By the contact centre's clock alone: this machine's may be wrong.
    const freshMs = Date.parse(freshUntil) - Date.parse(askedAt) - ageMs;
    const dueAt = performance.now() + Math.max(POLL_MS, freshMs, problem?.retryAfterMs ?? 0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const schedule = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible')
        timer = setTimeout(() => void ask(), Math.max(0, dueAt - performance.now()));
    };
    schedule();
    document.addEventListener('visibilitychange', schedule);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', schedule);
    };
  }, [call, isFollowing, problem]);
}

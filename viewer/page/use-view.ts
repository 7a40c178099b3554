import { useCallback, useState } from 'preact/hooks';
import { addressOf, type View } from '../browser/permalink.js';

/** The view of the page. Each change stands in the address at once, without a step in the browser's history. */
export function useView(initial: View): [View, (change: Partial<View>) => void] {
  const [view, setView] = useState(initial);
  const change = useCallback(
    (some: Partial<View>) =>
      setView((before) => {
        const after = { ...before, ...some };
        history.replaceState(null, '', addressOf(after));
        return after;
      }),
    [],
  );
  return [view, change];
}

import { useEffect, useState } from 'preact/hooks';
import type { Leg } from '../graph/answer.js';
import { useTold } from '../page/told.js';

/** A leg with its details. Null until they have come; an Error if they did not. */
export function useDetails(leg: Leg): Leg | Error | null {
  const { loadLeg } = useTold();
  const [loaded, setLoaded] = useState<Leg | Error | null>(null);
  const hasDetails = leg.callIdNum !== undefined;
  useEffect(() => {
    if (hasDetails) return;
    let isWanted = true;
    const set = (result: Leg | Error | null) => isWanted && setLoaded(result);
    loadLeg(leg.position).then(set, set);
    return () => void (isWanted = false);
  }, [leg, hasDetails, loadLeg]);
  return hasDetails ? leg : loaded;
}

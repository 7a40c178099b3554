import { useEffect, useRef, useState } from 'preact/hooks';

/** About what the page and a card leave empty at their sides. Unit: CSS pixels. */
const SIDES_PX = 106;
/** The widest that the content of the page becomes. Unit: CSS pixels. */
const WIDEST_PX = 1240;

/**
 * Returns what to put on an element, and what its width in CSS pixels comes to. At first by the width of the window, which as
 * a rule comes to the same: then nothing is drawn twice.
 */
export function useWidth<Value>(of: (width: number) => Value) {
  const ref = useRef<HTMLDivElement>(null);
  const [value, setValue] = useState(() => of(Math.min(window.innerWidth, WIDEST_PX) - SIDES_PX));
  useEffect(() => {
    if (!ref.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setValue(of(entry.contentRect.width)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [of]);
  return [ref, value] as const;
}

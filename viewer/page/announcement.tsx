import { useCallback, useEffect, useState } from 'preact/hooks';

/** How long a word is shown. Unit: ms. */
const SHOWN_MS = 6_000;

/** Returns the place where the page says what it has done, and what says it there: seen, and read out. */
export function useAnnouncement() {
  const [said, setSaid] = useState({ text: '', turn: 0 });
  const announce = useCallback((text: string) => setSaid(({ turn }) => ({ text, turn: turn + 1 })), []);
  useEffect(() => {
    if (said.text === '') return;
    const timer = setTimeout(() => setSaid({ text: '', turn: said.turn }), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const place = (
    <div class="announcement" role="status" aria-live="polite">
      {said.text !== '' && <p key={said.turn}>{said.text}</p>}
    </div>
  );
  return [place, announce] as const;
}

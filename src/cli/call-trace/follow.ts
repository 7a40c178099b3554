import { setTimeout as delay } from 'node:timers/promises';
import type { Freshness } from './call.js';
import type { Sight } from './show.js';
import { print, type Output } from './terminal.js';

/** A call is asked for again no sooner than this, and no sooner than this where the contact centre fails. Unit: ms. */
const LEAST_PAUSE_MS = 1_000;
const STALE_PAUSE_MS = 5_000;

/**
 * Shows a call until it is over: reprints it on change; on a terminal it overwrites. Returns the last state shown;
 * null if there was none.
 */
export async function follow(
  look: () => Promise<Sight | null>,
  stdout: Output,
  inPlace: boolean,
): Promise<Sight | null> {
  let shown = '';
  for (;;) {
    const sight = await look();
    if (sight === null) return null;
    if (sight.text !== shown) {
      await print(stdout, (inPlace ? eraseOf(shown, stdout) : '') + sight.text);
      shown = sight.text;
    }
    if (sight.isOver) return sight;
    await delay(pauseMs(sight.freshness));
  }
}

/** How long an answer stays fresh: by the gateway's clocks alone, for ours may be wrong. Unit: ms. */
function pauseMs({ askedAt, ageMs, freshUntil, stale }: Freshness): number {
  if (stale) return STALE_PAUSE_MS;
  return Math.max(LEAST_PAUSE_MS, Date.parse(freshUntil) - Date.parse(askedAt) - ageMs);
}

/** What takes a text from a terminal; a line apart where it is longer than the terminal. */
function eraseOf(text: string, { rows = 0 }: Output): string {
  const lines = text.split('\n').length - 1;
  if (lines === 0) return '';
  return lines < rows ? `\u001b[${lines}A\u001b[0J` : '\n';
}

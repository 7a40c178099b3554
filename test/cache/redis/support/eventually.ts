import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks. Unit: ms. */
const PAUSE_MS = 10;

/** Fulfils as soon as the condition holds; rejects, naming it, if it does not in time, or as soon as the look fails. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const givesUpAt = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > givesUpAt) throw new Error(`never came true within ${withinMs} ms: ${what}`);
    await pause(PAUSE_MS);
  }
}

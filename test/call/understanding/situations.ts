import { call } from './legs.js';
import { assertLike } from './like.js';
import { ENDINGS } from './situations/endings.js';
import { HANDOVERS } from './situations/handovers.js';
import { PARTICIPANTS } from './situations/participants.js';
import { RECORDS } from './situations/records.js';
import { TIMES } from './situations/times.js';

const SITUATIONS = { ...TIMES, ...HANDOVERS, ...ENDINGS, ...RECORDS, ...PARTICIPANTS };

/** What holds of these situations; each throws if it does not. */
export const SITUATION_CHECKS: Readonly<Record<string, () => void>> = Object.fromEntries(
  Object.entries(SITUATIONS).map(([name, { records, expect, trace, readings }]) => [
    name,
    () => {
      assertLike(call(records, trace, readings), expect, name);
    },
  ]),
);

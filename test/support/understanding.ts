import { createCodeTables } from '../../src/call/codes/codes.js';
import { createNarrator } from '../../src/call/understanding/narrative/narrator.js';
import { DEFAULT_READINGS } from '../../src/call/understanding/understand.js';

/** How a graph without a gateway around it derives and tells what calls mean. */
export const UNDERSTANDING = { readings: DEFAULT_READINGS, narrator: createNarrator(createCodeTables()) };

/**
 * `npm run bench:understanding`: what it costs to derive the meaning of the longest calls. Prints processor time of the
 * warm function, for each way in which the legs of a call can lie: the middle, the least and the greatest of RUNS.
 */
import type { CallDetailRecord, CallTrace } from '../src/call/trace.js';
import { DEFAULT_READINGS, understand } from '../src/call/understanding/understand.js';
import { BEGAN_AT, createRecord, createTrace } from '../test/fixtures/records.js';
import { spread } from './statistics.js';

const LEGS = 6_000;
/** The derivation should take no longer. Unit: ms. */
const GOAL_MS = 50;
const WARM_UP = 20;
const RUNS = 25;

/** How leg `index` lies, in seconds after the call began; what is not said is as in `legAt`. */
const SHAPES: Readonly<Record<string, (index: number) => Partial<CallDetailRecord>>> = {
  'queue and agent by turns': (index) => ({ deviceType: 1 + (index % 2), leaveReason: index % 2 === 0 ? 0 : 5 }),
  'held and taken back': (index) => ({ enterReason: 9, leaveReason: 18, callEnd: at(index) + 600 }),
  'handed over, no code or number known': (index) => ({
    ...{ leaveReason: 17, enterReason: 1_000 + index, deviceNo: String(index), callerNo: String(index) },
  }),
  'each within the one before': (index) => ({
    ...{ deviceType: [2, 15, 2, 1][index % 4] ?? 2, deviceNo: String(index % 7) },
    ...{ enterReason: [0, 10, 7, 8][index % 4] ?? 0, leaveReason: [18, 10, 17, 17, 18][index % 5] ?? 0 },
    callEnd: at(2 * LEGS - index),
  }),
};

function at(index: number): number {
  return BEGAN_AT + index * 1_000;
}

function traceOf(shape: (index: number) => Partial<CallDetailRecord>): CallTrace {
  const records = Array.from({ length: LEGS }, (_, index) =>
    createRecord({
      callIdNum: index + 1 === LEGS ? -1 : index + 1,
      ...{ mediaType: 5, callType: 0, deviceType: 2, deviceNo: String(2_001 + (index % 40)) },
      ...{ enterReason: 0, leaveReason: 0, releaseCause: 0 },
      ...{ waitBegin: at(index), ackBegin: at(index) + 200, callBegin: at(index) + 400, callEnd: at(index + 1) },
      ...shape(index),
    }),
  );
  return createTrace(records, { askedAt: at(3 * LEGS) });
}

/** Unit: ms of processor time. */
function costOf(trace: CallTrace): number {
  const before = process.cpuUsage();
  understand(trace, DEFAULT_READINGS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const traces = Object.entries(SHAPES).map(([name, shape]) => ({ name, trace: traceOf(shape) }));
for (let time = 0; time < WARM_UP; time += 1) for (const { trace } of traces) costOf(trace);
console.log(`| ${LEGS} legs | median, ms | least | greatest |\n|---|---|---|---|`);
for (const { name, trace } of traces) {
  const { median, min, max } = spread(Array.from({ length: RUNS }, () => costOf(trace)));
  const mark = median > GOAL_MS ? ' ←' : '';
  console.log(`| ${name} | ${median.toFixed(1)}${mark} | ${min.toFixed(1)} | ${max.toFixed(1)} |`);
}

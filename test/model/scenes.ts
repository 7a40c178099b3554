import type { StoryName } from './calls.js';
import type { Mode } from './contact-centre.js';
import type { Plan, Step } from './steps.js';

type Gateway = 0 | 1;

const TWO_HOURS_MS = 7_200_000;

/** What two gateways ask for, in the order of the list of calls. */
const ask = (gateway: Gateway, call = 0): Step => ({
  do: 'ask',
  gateway,
  calls: [call],
  refresh: false,
  patience: 'long',
});
const briefly = (gateway: Gateway): Step => ({ do: 'ask', gateway, calls: [0], refresh: false, patience: 'short' });
const refresh = (gateway: Gateway): Step => ({ do: 'ask', gateway, calls: [0], refresh: true, patience: 'long' });
const forget = (gateway: Gateway): Step => ({ do: 'forget', gateway, call: 0 });
const mode = (to: Mode): Step => ({ do: 'mode', call: 0, mode: to });
const pass = (ms: number): Step => ({ do: 'time', ms });
const clock = (gateway: Gateway, offsetMs: number): Step => ({ do: 'clock', gateway, offsetMs });
const goOn: Step = { do: 'progress', call: 0 };
const purge: Step = { do: 'purge', call: 0 };
const release: Step = { do: 'release', request: 0 };
const hold = mode('hold');
const answer = mode('answer');
/** Longer than any call is fresh, and shorter than it is kept. */
const LONG_MS = 62_000;

function scene(call: StoryName, steps: readonly Step[], change: Partial<Plan> = {}): Plan {
  return { staleWhileRevalidate: false, skewMs: 0, tellsTime: true, calls: [call], steps, ...change };
}

/** Runs that lead to what random ones meet too rarely, by what happens in them. */
export const SCENES: Readonly<Record<string, Plan>> = {
  'a leg has no end although the final record is there': scene('withOpenLeg', [
    goOn,
    goOn,
    pass(6_500),
    ask(0),
    goOn,
    pass(6_500),
    ask(0),
  ]),
  'a leg is missing although the final record is there': scene('withHole', [
    goOn,
    goOn,
    goOn,
    pass(6_500),
    ask(0),
    goOn,
    pass(6_500),
    ask(0),
  ]),
  'a call has just ended': scene('notYetThere', [goOn, ask(0), goOn, pass(6_500), ask(0)]),
  'a call has just ended, by a clock two hours ahead': scene('notYetThere', [
    clock(0, TWO_HOURS_MS),
    goOn,
    ask(0),
    goOn,
    pass(6_500),
    ask(0),
  ]),
  'nothing is heard of a call for long': scene('silent', [
    ask(0),
    pass(6_500),
    ask(0),
    pass(21_000),
    ask(0),
    goOn,
    ask(0),
  ]),
  'a call that was silent for long goes on in the second in which it is asked for': scene('withHole', [
    goOn,
    pass(41_000),
    goOn,
    ask(1),
    pass(6_500),
    ask(1),
  ]),
  'a call is not found again and again': scene('notYetThere', [
    pass(41_000),
    pass(41_000),
    ask(0),
    pass(4_200),
    ask(0),
    pass(4_200),
    ask(0),
    pass(4_200),
    ask(0),
  ]),
  'a young call is not found, and then begins': scene('notYetThere', [
    ask(0),
    pass(4_200),
    ask(0),
    pass(4_200),
    ask(0),
    goOn,
    pass(4_200),
    ask(0),
  ]),
  'a call of a month long over is not found': scene('neverThere', [
    ask(0),
    pass(12_000),
    ask(0),
    pass(LONG_MS),
    ask(0),
  ]),
  'a call lies in the month beside': scene('inMonthBefore', [ask(0), pass(6_500), ask(1), goOn, ask(0)]),
  'a call goes on across the end of a month': scene('acrossMonths', [
    ask(0),
    goOn,
    ask(0),
    pass(6_500),
    ask(1),
    goOn,
    pass(21_000),
    ask(0),
    ask(1),
  ]),
  'a call goes on': scene('withHole', [
    goOn,
    ask(0),
    goOn,
    pass(4_200),
    ask(0),
    ask(1),
    goOn,
    pass(4_200),
    ask(1),
    ask(0),
  ]),
  'an old answer arrives after a newer one': scene('silent', [
    hold,
    ask(0),
    goOn,
    answer,
    ask(1),
    pass(2_600),
    release,
    pass(2_600),
    ask(0),
    ask(1),
  ]),
  'two clocks are read within a second': scene('old', [ask(0), refresh(1), refresh(0), pass(100), refresh(1)]),
  'a stamp of a wrong clock lies in the future': scene(
    'silent',
    [clock(0, TWO_HOURS_MS), ask(0), clock(0, 0), goOn, ask(0), pass(100), ask(1)],
    { tellsTime: false },
  ),
  'a stamp of a wrong clock lies in the future of another gateway': scene(
    'silent',
    [clock(0, TWO_HOURS_MS), ask(0), clock(0, 0), goOn, pass(21_000), ask(1), pass(100), ask(1)],
    { tellsTime: false },
  ),
  'a stamp of a wrong clock lies in memory': scene(
    'silent',
    [clock(0, TWO_HOURS_MS), ask(0), clock(0, 0), pass(41_000), mode('503'), ask(0)],
    { tellsTime: false },
  ),
  'a call is purged': scene('old', [ask(0), ask(1), purge, pass(LONG_MS), ask(0), ask(1), refresh(0)]),
  'a call is purged while Redis is away': scene('old', [
    ask(0),
    pass(LONG_MS),
    purge,
    { do: 'cut', gateway: 0 },
    ask(0),
  ]),
  'a purged call is not found after another gateway had found it': scene('old', [
    hold,
    ask(0),
    purge,
    pass(100),
    ask(1),
    pass(2_600),
    release,
    release,
    answer,
    pass(LONG_MS),
    ask(1),
  ]),
  'a call is forgotten': scene('old', [ask(0), ask(1), forget(0), pass(1_100), ask(1), ask(0)]),
  'a call is forgotten while it is asked for': scene('old', [
    hold,
    ask(0),
    forget(1),
    pass(1_100),
    answer,
    release,
    ask(0),
    ask(1),
  ]),
  'a call is forgotten, and asked for again, while it is asked for': scene('old', [
    hold,
    ask(0),
    forget(0),
    pass(1_100),
    ask(0),
    release,
    answer,
    release,
  ]),
  'a call is forgotten while a gateway that asks hears nothing': scene('old', [
    hold,
    ask(0),
    { do: 'deafen' },
    forget(1),
    answer,
    release,
    pass(1_100),
    ask(1),
    pass(8_000),
    ask(0),
  ]),
  'a call is forgotten by a gateway whose clock is behind': scene(
    'old',
    [hold, clock(1, -TWO_HOURS_MS), ask(0), forget(1), answer, release, pass(1_100), ask(0)],
    { tellsTime: false },
  ),
  'a call is refreshed while it is asked for': scene('old', [hold, ask(0), refresh(0), answer, release]),
  'a call is refreshed by another gateway': scene('silent', [ask(0), ask(1), goOn, refresh(0), pass(2_600), ask(1)]),
  'two gateways ask at once': scene('old', [hold, ask(0), ask(1), pass(100), release, answer, pass(100)]),
  'one gateway asks after another': scene('withHole', [goOn, ask(0), pass(6_500), ask(1), pass(6_500), ask(0)]),
  'the contact centre fails': scene('old', [
    mode('503'),
    ask(0),
    answer,
    ask(0),
    pass(LONG_MS),
    mode('503'),
    ask(0),
    ask(1),
  ]),
  'the contact centre fails a gateway that has just started': scene('old', [
    ask(0),
    pass(LONG_MS),
    mode('503'),
    { do: 'death', gateway: 0 },
    ask(0),
  ]),
  'the contact centre fails a gateway that is cut off from Redis': scene('old', [
    ask(0),
    pass(LONG_MS),
    { do: 'cut', gateway: 0 },
    mode('503'),
    ask(0),
  ]),
  'the contact centre hangs': scene('old', [mode('hang'), briefly(0), ask(1), pass(12_000), answer, ask(0), ask(1)]),
  'a gateway dies while it asks': scene('old', [
    hold,
    ask(0),
    ask(1),
    { do: 'death', gateway: 0 },
    answer,
    pass(4_200),
    ask(0),
  ]),
};

import type { Random } from './random.js';
import type { Scenario } from './scenarios/call-seed.js';
import { crossesMonthEnd, fourHundredLegs, inProgress, pingPong } from './scenarios/edge-cases.js';
import { abandonedInQueue, ivrOnly, noAnswerThenOverflow, queuedThenAnswered } from './scenarios/inbound.js';
import { outboundPreview, socialChat } from './scenarios/other-media.js';
import { attendedTransfer, blindTransfer, threeParty } from './scenarios/transfers.js';
import { STORIES, storyCallId } from './stories.js';

interface DrawnScenario {
  name: string;
  /** The number behind the dash of a call ID that asks for it. */
  number: number;
  description: string;
  tell: Scenario;
  /** Whether a call ID with any other number may get it too. */
  ordinary: boolean;
}

const LIBRARY = [
  entry(1, 'ivr-only', 'The customer hangs up in the menus: one record, the final one', ivrOnly),
  entry(2, 'menu-queue-agent', 'Menu, queue, agent; the customer hangs up', queuedThenAnswered),
  entry(3, 'hung-up-while-waiting', 'The customer hangs up while waiting', abandonedInQueue),
  entry(4, 'no-answer-then-overflow', 'An agent does not answer; a second queue takes over', noAnswerThenOverflow),
  entry(5, 'transferred-to-a-queue', 'An agent passes the call on to another queue', blindTransfer),
  entry(6, 'transferred-after-consulting', 'An agent consults a colleague, then hands over', attendedTransfer),
  entry(7, 'three-party', 'Two agents and the customer end in a conference', threeParty),
  entry(8, 'outbound-preview', 'An agent reads the data, then dials the customer', outboundPreview),
  entry(9, 'social-chat', 'A chat through a social channel', socialChat),
  entry(10, 'in-progress', 'A call that never ends: no final record', inProgress, 'on request'),
  entry(11, 'crosses-month-end', 'The final record lies in the next month', crossesMonthEnd, 'on request'),
  entry(12, 'four-hundred-legs', '400 stays between queues and agents', fourHundredLegs, 'on request'),
] as const;

/** The names of what is drawn by lot, in the order of their numbers. */
export type DrawnName = (typeof LIBRARY)[number]['name'];

/** These names. */
export const DRAWN_NAMES: readonly DrawnName[] = LIBRARY.map(({ name }) => name);

/** A kind of call that can be asked for by name. */
export interface ScenarioEntry {
  readonly name: string;
  readonly description: string;
  /** An ID that gets it. */
  readonly callId: string;
  /** The VDN in which that is so; null: any. */
  readonly vdn: number | null;
  /** The month to ask for, `YYYY-MM`; null: the call ID tells it. */
  readonly month: string | null;
  /**
   * `story`: its records are always the same. `story as of now`: its times are relative to now, and so is its ID.
   * `drawn`: random, from the call ID, the VDN and the seed.
   */
  readonly kind: 'story' | 'story as of now' | 'drawn';
}

/** All that can be asked for at an instant: the stories, then what is drawn by lot. Unit: ms since 1970-01-01 UTC. */
export function scenariosAt(now: number): ScenarioEntry[] {
  const stories = STORIES.map((story): ScenarioEntry => {
    const { name, description, vdn, month = null } = story;
    const kind = story.asOf === undefined ? 'story' : 'story as of now';
    return { name, description, callId: storyCallId(story, now), vdn, month, kind };
  });
  const drawn = LIBRARY.map(({ name, description }): ScenarioEntry => {
    return { name, description, callId: exampleCallId(name), vdn: null, month: null, kind: 'drawn' };
  });
  return [...stories, ...drawn];
}

const ORDINARY = LIBRARY.filter((scenario) => scenario.ordinary).map((scenario) => scenario.tell);

/**
 * When the example calls begin, unless they are asked to begin at another time: 2023-11-14T22:13:20Z, in the middle of a
 * month that is over, so that their IDs and answers are the same whenever they are asked for. Unit: seconds since 1970-01-01 UTC.
 */
const EXAMPLE_START_SECONDS = 1_700_000_000;

/** A call ID that gets the named kind of call, begun at that time. Unit: seconds since 1970-01-01 UTC. */
export function exampleCallId(name: DrawnName, startedAtSeconds = EXAMPLE_START_SECONDS): string {
  const scenario = LIBRARY.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new RangeError(`No scenario is named ${name}`);
  return `${startedAtSeconds}-${scenario.number}`;
}

/** The number of a call of a given length is this + its legs (even, up to 20 000). */
export const LEGS_ON_REQUEST = 900_000_000;
const MOST_LEGS = 20_000;

/** How a call is drawn: as its number asks for, else an ordinary one by lot. */
export function scenarioFor(number: number, random: Random): Scenario {
  const asked = LIBRARY.find((candidate) => candidate.number === number);
  return asked?.tell ?? longCall(number - LEGS_ON_REQUEST) ?? random.pick(ORDINARY);
}

function longCall(legs: number): Scenario | null {
  return legs >= 2 && legs <= MOST_LEGS && legs % 2 === 0 ? pingPong(legs) : null;
}

function entry<Name extends string>(
  number: number,
  name: Name,
  description: string,
  tell: Scenario,
  use: 'by lot' | 'on request' = 'by lot',
): DrawnScenario & { name: Name } {
  return { number, name, description, tell, ordinary: use === 'by lot' };
}

import { callIdStartedAt } from '../../../../src/call/key.js';
import { monthOf as monthOfInstant, type CallMonth } from '../../../../src/call/month.js';
import { callNodeId } from '../../../../src/graphql/node-id.js';
import type { Draw } from './draw.js';
import type { Kinds, Values } from './documents.js';

/** The calls that a case is about, and what may be said of them in a question. */
export interface Calls extends Values {
  readonly ids: readonly [string, ...string[]];
}

/** So many calls were made up so far: no two cases share one that is over. */
let made = 0;

/** 2025-01-04T14:13:20Z: far from the ends of its month. Unit: s since 1970-01-01 UTC. */
const SETTLED = 1_736_000_000;

const DAY_MS = 86_400_000;
/** The number behind the dash chooses the story: see `simulator/scenarios.ts`. */
const STORIES = [2, 3, 5, 7, 9, 57, 1] as const;
const IN_PROGRESS = 10;
const CROSSES_MONTH_END = 11;
const FOUR_HUNDRED_LEGS = 12;
const NEVER_FOUND = 404;

/** Draws a few calls: over long ago, just now or not yet, at a month's edge, unknown. `now` in ms since 1970-01-01 UTC. */
export function drawCalls(draw: Draw, now: number): Calls {
  const drawId = (): string => {
    made += 1;
    const story = draw.of(...STORIES);
    const seconds = Math.floor(now / 1000);
    const edge = Date.UTC(2020, made % 60, 1) / 1000 - 300 + (made % 600);
    return draw.of(
      `${SETTLED + made}-${story}`,
      `${SETTLED + made}-${story}`,
      `${SETTLED + made}-${story}`,
      `${SETTLED + made}001-${story}`,
      `${SETTLED + made}-${draw.percent(15) ? FOUR_HUNDRED_LEGS : NEVER_FOUND}`,
      `${seconds - 60 - (made % 600)}-${IN_PROGRESS}`,
      `${seconds - 300 - (made % 600)}-${story}`,
      `${edge}-${draw.of(story, CROSSES_MONTH_END, IN_PROGRESS, NEVER_FOUND)}`,
    );
  };
  const ids: [string, ...string[]] = [drawId(), ...draw.list(1, 3, drawId)];

  const usual = { vdn: 170, callId: ids[0] };
  /** Nearly always a usual value; else one that is wrong in some way, or that only the standard path understands. */
  const value = (kind: Kinds, oddShare: number): unknown => {
    const odd = draw.percent(oddShare);
    switch (kind) {
      case 'vdn':
        return odd
          ? draw.of<unknown>(0, 5001, '170', 170.5, null, 2 ** 40, true)
          : draw.of(170, 170, 170, 170, 170, 170, 170, 170, 171, draw.of(171, 172));
      case 'callId':
        return odd ? draw.of<unknown>('', ' 1736000000-2', 'x'.repeat(65), 'é-1', 17, null, false, 'Ruf-1') : id();
      case 'id': {
        const callId = id();
        return odd
          ? draw.of<unknown>('', 'x', 7, null)
          : callNodeId({ ccId: 1, vdn: 170, callId, month: monthOf(callId) });
      }
      case 'ccId':
        return odd ? draw.of<unknown>(0, 65_536, 3e9, '1', 1.5, true) : draw.of(1, 1, 1, 1, null, null, 2);
      case 'month':
        return odd
          ? draw.of<unknown>('2025-13', '1999-01', '2999-01', '', 202501, true)
          : draw.of(monthOf(id()), null, null);
      case 'logDate':
        return odd
          ? draw.of<unknown>('yesterday', '2025-01-05', -1, 1.5, 1e300, true, '2025-01-05T10:00:00')
          : draw.of<unknown>(
              instantOf(id()),
              new Date(instantOf(id())).toISOString(),
              withOffset(instantOf(id())),
              null,
            );
      case 'refresh':
        return odd ? draw.of<unknown>('false', 0, 1) : draw.of(false, false, false, false, false, null, true);
      case 'condition':
        return odd ? draw.of<unknown>(null, 'true', 1) : draw.of(true, false);
      case 'language':
        return odd ? draw.of<unknown>('FR', 'en', 7, null) : draw.of('EN', 'ZH');
      case 'timeZone':
        return odd
          ? draw.of<unknown>('Mars/Olympus', '', 8, [['UTC']], { zone: 'UTC' }, 'x'.repeat(600), null)
          : draw.of('UTC', 'Asia/Shanghai');
      case 'form':
        return odd ? draw.of<unknown>('HTML', null, 1) : draw.of('PLAIN', 'MARKDOWN', 'MERMAID', 'CSV');
      case 'key':
        return key(oddShare);
      case 'keys':
        return odd
          ? draw.of<unknown>(
              [],
              null,
              key(0),
              [null],
              [[key(0)]],
              'x',
              Array.from({ length: 201 }, () => usual),
            )
          : draw.percent(10)
            ? draw.list(12, 24, () => key(0)) // about as many as LIMIT_VARIABLES_KIB of one pair of twins
            : draw.list(draw.percent(3) ? 0 : 1, 4, () => key(oddShare));
      case 'representations':
        return draw.list(draw.percent(3) ? 0 : 1, 4, () => reference(oddShare));
    }
  };
  return { ids, value };

  function id(): string {
    return draw.of(...ids);
  }

  /** By each key that a router may use, or by none. */
  function reference(oddShare: number): unknown {
    const __typename = 'Call';
    const callId = id();
    const month = monthOf(callId);
    if (draw.percent(oddShare))
      return draw.of<unknown>(
        ...[{ __typename }, { __typename: 'CallLeg', callId }, { callId }, callId, { __typename, id: 7 }],
        ...[
          { __typename, id: 'x', vdn: 170, callId },
          { __typename, vdn: '170', callId },
          { __typename, vdn: 170 },
        ],
        { __typename, ccId: 1, vdn: 170, callId, month: null },
        { __typename, vdn: 170, callId, extra: draw.of<unknown>(1, [[[1]]]) },
      );
    const vdn = value('vdn', 0) as number;
    return draw.of<object>(
      { __typename, id: callNodeId({ ccId: 1, vdn, callId, month }) },
      { __typename, ccId: 1, vdn, callId, month },
      { __typename, vdn, callId },
    );
  }

  function key(oddShare: number): object {
    const more: Record<string, unknown> = {};
    for (const kind of ['ccId', 'month', 'logDate'] as const) if (draw.percent(8)) more[kind] = value(kind, oddShare);
    if (draw.percent(oddShare / 2)) more[draw.of('extra', '__proto__', 'refresh')] = true;
    const [vdn, callId] = [value('vdn', oddShare), value('callId', oddShare)];
    return draw.percent(10) ? { ...more, callId, vdn } : { vdn, callId, ...more };
  }
}

function instantOf(callId: string): number {
  return (callIdStartedAt(callId) ?? SETTLED * 1000) + 1_000;
}

function monthOf(callId: string): CallMonth {
  return monthOfInstant(instantOf(callId), 'UTC');
}

function withOffset(instant: number): string {
  return new Date(instant + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
}

/** Steps of the clock: within and beyond each time for which answers are fresh, and back. Unit: ms. */
export const CLOCK_STEPS = [1, 5_000, 11_000, 31_000, 301_000, DAY_MS, 8 * DAY_MS, -1_000, -30_000, -DAY_MS] as const;

import type { View } from '../browser/permalink.js';
import type { Call, Totals } from '../graph/answer.js';
import { durationText } from '../time/duration.js';
import { useTold } from './told.js';
import { Swatch } from '../timeline/swatch.js';

interface HeadlineProps {
  readonly call: Call;
  readonly view: View;
  readonly isAsking: boolean;
  readonly onAsk: () => void;
}

/** What the call came to, in one sentence, and where its time went. */
export function Headline({ call, view, isAsking, onAsk }: HeadlineProps) {
  const { say, clock } = useTold();
  const { verdict, ending, freshness, callerNo, calleeNo, month, ccId } = call;
  const asked = clock.full(Date.parse(freshness.askedAt));
  return (
    <section class="card headline">
      <p class="identity">
        <span class="mono">{say('identity', { vdn: view.vdn, callId: view.callId })}</span>
        <span>{say('identityMore', { month, ccId })}</span>
        {callerNo !== null && calleeNo !== null && (
          <span>{say('numbers', { caller: callerNo, callee: calleeNo })}</span>
        )}
      </p>
      <h1>{call.narrative.headline}</h1>
      <p class="badges">
        <span class={`badge verdict ${toneOf(verdict)}`}>{say(`verdict.${verdict}`)}</span>
        {ending && <span class="badge">{say(`party.${ending.party}`)}</span>}
        <span class={`badge confidence ${call.confidence}`}>
          {say('confidence')}: {say(`confidence.${call.confidence}`)}
        </span>
      </p>
      <Figures totals={call.totals} />
      <p class="freshness">
        <span>
          {say('freshness.at', { time: asked })}{' '}
          {verdict === 'IN_PROGRESS' ? say('freshness.follows') : freshness.final && say('freshness.final')}
        </span>
        {!freshness.final && (
          <button type="button" class="quiet" disabled={isAsking} onClick={onAsk}>
            {say('refresh')}
          </button>
        )}
      </p>
    </section>
  );
}

const GOOD: ReadonlySet<string> = new Set([
  'ANSWERED',
  'SELF_SERVED',
  'FORWARDED',
  'CALLBACK_REQUESTED',
  'MESSAGE_LEFT',
]);

function toneOf(verdict: string): 'good' | 'bad' | 'open' {
  if (verdict === 'IN_PROGRESS' || verdict === 'UNKNOWN') return 'open';
  return GOOD.has(verdict) ? 'good' : 'bad';
}

/** The states in which the customer's time can go, with the sum of each. */
const SUMS: readonly (readonly [state: string, sum: keyof Totals])[] = [
  ['IVR', 'ivrMs'],
  ['ROUTING', 'routingMs'],
  ['QUEUE', 'queueMs'],
  ['RINGING', 'ringingMs'],
  ['TALKING', 'talkingMs'],
  ['HOLD', 'holdMs'],
  ['CONFERENCE', 'conferenceMs'],
  ['OUTSIDE', 'outsideMs'],
  ['UNACCOUNTED', 'unaccountedMs'],
];

/** The sums of the timeline, which are its legend, too. */
function Figures({ totals }: { readonly totals: Totals }) {
  const { say, language } = useTold();
  const shown = SUMS.filter(([, sum]) => totals[sum] > 0);
  return (
    <dl class="figures">
      <div>
        <dt>{say('duration')}</dt>
        <dd>{durationText(totals.durationMs, language)}</dd>
      </div>
      {shown.map(([state, sum]) => (
        <div key={state}>
          <dt>
            <Swatch state={state} />
            {say(`state.${state}`)}
          </dt>
          <dd>{durationText(totals[sum], language)}</dd>
        </div>
      ))}
    </dl>
  );
}

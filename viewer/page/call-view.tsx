import { useMemo } from 'preact/hooks';
import type { View } from '../browser/permalink.js';
import type { Call } from '../graph/answer.js';
import type { AskError, Graph } from '../graph/ask.js';
import { LegsTable } from '../legs/legs-table.js';
import { TimelineCard } from '../timeline/timeline-card.js';
import { CopyBar } from './copy-bar.js';
import { EvidenceCard } from './evidence-card.js';
import { FindingsCard } from './findings-card.js';
import { Headline } from './headline.js';
import { NarrativeCard } from './narrative-card.js';
import { ProblemText } from './problem-view.js';
import { useTold } from './told.js';

interface CallViewProps {
  readonly call: Call;
  readonly isWhole: boolean;
  /** Why what is shown could not be asked for anew; null if it is the latest. */
  readonly problem: AskError | null;
  readonly isAsking: boolean;
  readonly view: View;
  readonly changeView: (change: Partial<View>) => void;
  readonly graph: Graph;
  readonly announce: (text: string) => void;
  readonly onAsk: () => void;
}

/** A call that was found. */
export function CallView({
  call,
  isWhole,
  problem,
  isAsking,
  view,
  changeView,
  graph,
  announce,
  onAsk,
}: CallViewProps) {
  const { say, clock } = useTold();
  const whole = useMemo(() => wholeOf(call), [call]);
  const opened = call.legs[(view.leg ?? 0) - 1] ?? null;
  return (
    <>
      {problem && (
        <div class="banner problem">
          <ProblemText problem={problem} />
          <button type="button" onClick={onAsk}>
            {say('retry')}
          </button>
        </div>
      )}
      {call.freshness.stale && (
        <div class="banner">
          <strong>{say('stale.title')}</strong>
          <p>{say('stale.text', { time: clock.full(Date.parse(call.freshness.askedAt)) })}</p>
        </div>
      )}
      <Headline call={call} view={view} isAsking={isAsking} onAsk={onAsk} />
      {!isWhole && (
        <div class="banner">
          <strong>{say('reduced.title')}</strong>
          <p>{say('reduced.text', { count: call.legs.length })}</p>
        </div>
      )}
      {isWhole && whole && (
        <TimelineCard
          call={call}
          whole={whole}
          range={view.range}
          opened={opened}
          onRange={(range) => changeView({ range })}
        />
      )}
      {isWhole && (
        <div class="columns">
          <NarrativeCard sentences={call.narrative.sentences ?? []} />
          <div class="stack">
            <FindingsCard findings={call.findings ?? []} />
            <EvidenceCard call={call} />
          </div>
        </div>
      )}
      <LegsTable call={call} opened={view.leg} isWhole={isWhole} onOpen={(leg) => changeView({ leg })} />
      <CopyBar {...{ view, graph, announce }} />
    </>
  );
}

/** From the first instant of a call to the last; null if it has none. Unit: ms since 1970-01-01 UTC. */
function wholeOf({ timeline = [] }: Call): { from: number; to: number } | null {
  const [first, last] = [timeline[0], timeline.at(-1)];
  if (!first || !last) return null;
  const from = Date.parse(first.from);
  return { from, to: Math.max(from + 1, Date.parse(last.to)) };
}

import { useCallback, useMemo } from 'preact/hooks';
import type { View } from '../browser/permalink.js';
import type { Call } from '../graph/answer.js';
import type { AskError } from '../graph/ask-error.js';
import type { Graph } from '../graph/ask.js';
import type { Section } from '../graph/sections.js';
import { LegsTable } from '../legs/legs-table.js';
import { rowBarsOf } from '../timeline/lanes.js';
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
  /** Sections that are too long to be shown. */
  readonly missing: readonly Section[];
  /** False: the details of legs are asked for one by one. */
  readonly hasDetails: boolean;
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
  missing,
  hasDetails,
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
  const { legs = [], findings = [], narrative } = call;
  const rowBars = useMemo(() => rowBarsOf(call), [call]);
  const onOpen = useCallback((leg: number | null) => changeView({ leg }), [changeView]);
  const opened = legs[(view.leg ?? 0) - 1] ?? null;
  const shows = (section: Section) => !missing.includes(section);
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
      {missing.length > 0 && (
        <div class="banner">
          <strong>{say('missing.title')}</strong>
          <p>{say('missing.text', { sections: missing.map((one) => say(`section.${one}`)).join(', ') })}</p>
        </div>
      )}
      {whole && shows('timeline') && (
        <TimelineCard
          call={call}
          whole={whole}
          range={view.range}
          opened={opened}
          onRange={(range) => changeView({ range })}
        />
      )}
      <div class="columns">
        {shows('story') && <NarrativeCard sentences={narrative.sentences ?? []} />}
        <div class="stack">
          {shows('story') && <FindingsCard findings={findings} />}
          <EvidenceCard call={call} />
        </div>
      </div>
      {shows('legs') && (
        <LegsTable
          {...{ call, legs, rowBars, hasDetails }}
          range={view.range ?? whole}
          opened={view.leg}
          onOpen={onOpen}
        />
      )}
      <CopyBar {...{ view, graph, announce }} />
    </>
  );
}

/** From the first instant of a call to the last; null if it has none. Unit: ms since 1970-01-01 UTC. */
function wholeOf({ startedAt, totals }: Call): { from: number; to: number } | null {
  if (startedAt === null) return null;
  const from = Date.parse(startedAt);
  return { from, to: from + Math.max(1, totals.durationMs) };
}

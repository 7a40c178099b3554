import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { View } from '../browser/permalink.js';
import { keptForTab } from '../browser/storage.js';
import { createGraph } from '../graph/ask.js';
import { createClock } from '../time/clock.js';
import type { Say } from '../texts/say.js';
import type { Shared } from './app.js';
import { CallView } from './call-view.js';
import { useAnnouncement } from './announcement.js';
import { ProblemView } from './problem-view.js';
import { SignIn } from './sign-in.js';
import { TopBar } from './top-bar.js';
import { ToldContext } from './told.js';
import { useCall } from './use-call.js';
import { useCodes } from './use-codes.js';
import { useView } from './use-view.js';

const kept = keptForTab('call-trace:credential');

interface CallPageProps extends Omit<Shared, 'say'> {
  /** Null: the texts have not come yet. */
  readonly say: Say | null;
  readonly initialView: View;
}

/** The page of one call: asks for it, and shows it or what came in its place. */
export function CallPage({ settings, recent, say, language, onLanguage, initialView }: CallPageProps) {
  const [view, changeView] = useView(initialView);
  const [credential, setCredential] = useState(kept.read() ?? settings.key);
  const [isSigningIn, setSigningIn] = useState(false);
  const graph = useMemo(() => createGraph(credential), [credential]);
  const { vdn, callId, month, ccId, zone, unit, leg } = view;
  const [announcement, announce] = useAnnouncement();
  const { state, ask } = useCall(graph, view, { language, zone }, () => {
    if (say) announce(say('updated'));
  });
  const { call, problem } = state;
  const dictionary = useCodes(settings.codes, language);
  const clock = useMemo(() => createClock(zone, language), [zone, language]);
  const openLeg = useCallback((position: number) => {
    changeView({ leg: position });
    goTo(`leg-${position}`);
  }, []);
  const loadLeg = useCallback(
    (position: number) => graph.leg({ vdn, callId, month, ccId }, position),
    [graph, vdn, callId, month, ccId],
  );
  const told = useMemo(
    () => say && { say, language, clock, unit, dictionary, openLeg, loadLeg },
    [say, language, clock, unit, dictionary, openLeg, loadLeg],
  );

  // Nothing is there to go to before the texts have come, too.
  const isShown = Boolean(call) && say !== null;
  useEffect(() => {
    if (!isShown) return;
    recent.add({ vdn, callId, month });
    if (leg !== null) goTo(`leg-${leg}`);
  }, [isShown]);
  useEffect(() => {
    if (say) document.title = `${callId} · ${say('appName')}`;
  }, [say, callId]);

  const isRefused = problem?.code === 'UNAUTHENTICATED';
  const signIn = (given: string, keep: boolean) => {
    kept.write(keep ? given : null);
    setCredential(given);
    setSigningIn(false);
    if (given === credential) void ask();
  };
  if (!told) return null;
  const { say: tell } = told;
  return (
    <ToldContext.Provider value={told}>
      <TopBar
        view={view}
        onView={changeView}
        say={tell}
        language={language}
        onLanguage={(to) => {
          changeView({ language: to });
          onLanguage(to);
        }}
        onSignOut={credential === '' || isRefused ? null : () => setSigningIn(true)}
      />
      <main id="call" aria-busy={state.isAsking}>
        {isRefused || isSigningIn ? (
          <SignIn say={tell} wasRefused={isRefused && credential !== ''} onSignIn={signIn} />
        ) : call ? (
          <CallView
            {...{ call, problem, view, changeView, announce, graph }}
            missing={state.missing}
            hasDetails={state.hasDetails}
            isAsking={state.isAsking}
            onAsk={() => void ask({ refresh: true })}
          />
        ) : call === null && !problem ? (
          <ProblemView kind="notFound" callKey={{ vdn, callId, month, ccId }} />
        ) : problem ? (
          <ProblemView
            kind={
              problem.code === 'FORBIDDEN' ? 'forbidden' : problem.code === 'BAD_USER_INPUT' ? 'badInput' : 'failed'
            }
            problem={problem}
            callKey={{ vdn, callId, month, ccId }}
            onRetry={() => void ask()}
            onSignIn={() => setSigningIn(true)}
          />
        ) : (
          <p class="loading" role="status">
            {tell('loading')}
          </p>
        )}
      </main>
      {announcement}
    </ToldContext.Provider>
  );
}

/** Shows an element and puts the focus on it, once it is there. */
function goTo(id: string): void {
  requestAnimationFrame(() => {
    const element = document.getElementById(id);
    element?.scrollIntoView({ block: 'nearest' });
    element?.focus({ preventScroll: true });
  });
}

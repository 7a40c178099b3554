import { pathOf } from '../browser/permalink.js';
import { AskError } from '../graph/ask-error.js';
import type { CallKey } from '../graph/call-key.js';
import type { Say } from '../texts/say.js';
import { useTold } from './told.js';

interface ProblemProps {
  readonly kind: 'notFound' | 'forbidden' | 'badInput' | 'failed';
  readonly callKey: CallKey;
  readonly problem?: AskError;
  readonly onRetry?: () => void;
  readonly onSignIn?: () => void;
}

/** What is shown in place of a call. */
export function ProblemView({ kind, callKey, problem, onRetry, onSignIn }: ProblemProps) {
  const { say, language } = useTold();
  const { vdn, callId } = callKey;
  return (
    <section class={`card state ${kind}`}>
      <h1>{say(`${kind}.title`, { vdn })}</h1>
      {kind === 'notFound' && (
        <>
          <p>{say('notFound.text', { vdn, callId })}</p>
          <p>{say('notFound.month')}</p>
          <MonthForm callKey={callKey} />
        </>
      )}
      {kind === 'forbidden' && (
        <>
          <p>{say('forbidden.text')}</p>
          <button type="button" class="primary" onClick={onSignIn}>
            {say('signOut')}
          </button>
        </>
      )}
      {kind === 'badInput' && (
        <>
          {problem && <ProblemSentence problem={problem} />}
          <MonthForm callKey={callKey} />
        </>
      )}
      {kind === 'failed' && problem && (
        <>
          <ProblemText problem={problem} />
          <button type="button" class="primary" onClick={onRetry}>
            {say('retry')}
          </button>
        </>
      )}
      <p>
        <a href={`/calls?lang=${language}`}>{say('startLink')}</a>
      </p>
    </section>
  );
}

/** What failed, with its code, and the request to name to the gateway's operator. */
export function ProblemText({ problem }: { readonly problem: AskError }) {
  const { say } = useTold();
  const { code, requestId } = problem;
  return (
    <>
      <ProblemSentence problem={problem} />
      <p class="small">
        {say('failed.code', { code })}
        {requestId !== null && <> · {say('failed.request', { requestId })}</>}
      </p>
    </>
  );
}

/** What failed; where the page is in the language of the gateway's own words, with these. */
function ProblemSentence({ problem }: { readonly problem: AskError }) {
  const { say, language } = useTold();
  const { message, requestId } = problem;
  return (
    <p role="alert">
      {errorText(problem, say)} {language === 'en' && requestId !== null && <q>{message}</q>}
    </p>
  );
}

/** What failed, in a sentence of the page. */
export function errorText(error: unknown, say: Say): string {
  const code = error instanceof AskError ? error.code : 'UNREADABLE';
  const text = say(`error.${code}`);
  return text === code ? say('error.other') : text;
}

/** Opens the same call in another month. */
function MonthForm({ callKey: { vdn, callId, month } }: { readonly callKey: CallKey }) {
  const { say } = useTold();
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const wanted = new FormData(event.currentTarget).get('month');
    const query = new URLSearchParams(location.search);
    if (typeof wanted === 'string') query.set('month', wanted);
    location.assign(`${pathOf(vdn, callId)}?${query.toString()}`);
  };
  return (
    <form class="row" onSubmit={submit}>
      <label class="field">
        <span>{say('month')}</span>
        <input name="month" required pattern="\d{4}-\d{2}" placeholder="2025-06" defaultValue={month ?? ''} />
      </label>
      <button type="submit">{say('look')}</button>
    </form>
  );
}

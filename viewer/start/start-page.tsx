import { useEffect, useState } from 'preact/hooks';
import { pathOf } from '../browser/permalink.js';
import type { RecentCall } from '../browser/recent-calls.js';
import type { Story } from '../browser/settings.js';
import type { Shared } from '../page/app.js';
import { useAnnouncement } from '../page/announcement.js';
import { TopBar } from '../page/top-bar.js';
import type { Language } from '../texts/catalogue.js';
import type { Say } from '../texts/say.js';

/** Where a call is named: by hand, or out of the last ones; in the demo, out of its stories. */
export function StartPage({ settings, recent, say, language, onLanguage }: Shared) {
  const [calls, setCalls] = useState(() => recent.list());
  const [announcement, announce] = useAnnouncement();
  const stories = useStories(settings.stories);
  useEffect(() => void (document.title = say('appName')), [say]);
  const clear = () => {
    recent.clear();
    setCalls([]);
    announce(say('start.cleared'));
  };
  return (
    <>
      <TopBar say={say} language={language} onLanguage={onLanguage} />
      <main id="call" class="start">
        <section class="card">
          <h1>{say('start.title')}</h1>
          <p>{say('start.text')}</p>
          <CallForm say={say} language={language} />
        </section>
        {calls.length > 0 && (
          <section class="card" aria-labelledby="recent">
            <div class="card-head">
              <h2 id="recent">{say('start.recent')}</h2>
              <button type="button" class="quiet" onClick={clear}>
                {say('start.clear')}
              </button>
            </div>
            <ul class="call-list">
              {calls.map((call) => (
                <li key={`${call.vdn} ${call.callId} ${call.month}`}>
                  <a href={hrefOf(call, language)}>
                    <b class="mono">{call.callId}</b> <small>VDN {call.vdn}</small>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )}
        {stories.length > 0 && (
          <section class="card" aria-labelledby="stories">
            <h2 id="stories">{say('start.stories')}</h2>
            <ul class="call-list stories">
              {stories.map(({ vdn, callId, month, name, description }) => (
                <li key={callId}>
                  <a href={hrefOf({ vdn, callId, month }, language)}>
                    <b class="mono">{name}</b> <small class="mono">{callId}</small>
                  </a>
                  <p>{description[language]}</p>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section class="card" aria-labelledby="whence">
          <h2 id="whence">{say('start.whence')}</h2>
          <p>{say('start.whenceText')}</p>
          {settings.reference !== null && (
            <p>
              <a href={settings.reference}>{say('start.reference')}</a>
            </p>
          )}
        </section>
      </main>
      {announcement}
    </>
  );
}

function CallForm({ say, language }: { readonly say: Say; readonly language: Language }) {
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    location.assign(
      hrefOf({ vdn: Number(text('vdn')), callId: text('callId'), month: text('month') || null }, language),
    );
  };
  return (
    <form class="row call-form" onSubmit={submit}>
      <label class="field">
        <span>{say('start.vdn')}</span>
        <input name="vdn" type="number" min="1" max="5000" required inputMode="numeric" autocomplete="off" />
        <small>{say('start.vdnHint')}</small>
      </label>
      <label class="field wide">
        <span>{say('start.callId')}</span>
        <input name="callId" required maxLength={64} spellcheck={false} autocomplete="off" pattern=".*\S.*" />
        <small>{say('start.callIdHint')}</small>
      </label>
      <label class="field">
        <span>{say('month')}</span>
        <input name="month" pattern="\d{4}-\d{2}" placeholder="2025-06" autocomplete="off" />
        <small>{say('start.month')}</small>
      </label>
      <button type="submit" class="primary">
        {say('start.submit')}
      </button>
    </form>
  );
}

function hrefOf({ vdn, callId, month }: RecentCall, language: Language): string {
  return `${pathOf(vdn, callId)}?${month === null ? '' : `month=${encodeURIComponent(month)}&`}lang=${language}`;
}

/** The calls that the demo tells; none elsewhere. */
function useStories(url: string | null): readonly Story[] {
  const [stories, setStories] = useState<readonly Story[]>([]);
  useEffect(() => {
    if (url === null) return;
    fetch(url)
      .then((response) => response.json() as Promise<Story[]>)
      .then(setStories, () => undefined);
  }, [url]);
  return stories;
}

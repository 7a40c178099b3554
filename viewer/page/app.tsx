import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { createRecentCalls } from '../browser/recent-calls.js';
import { readView } from '../browser/permalink.js';
import type { Settings } from '../browser/settings.js';
import { StartPage } from '../start/start-page.js';
import type { Language } from '../texts/catalogue.js';
import { loadSay, type Say } from '../texts/say.js';
import { ownZone } from '../time/zone.js';
import { CallPage } from './call-page.js';

/** The page at an address: a call, or the start page. */
export function App({ settings }: { readonly settings: Settings }) {
  const recent = useMemo(() => createRecentCalls(settings.history), [settings]);
  const view = useMemo(() => readView(new URL(location.href), { zone: ownZone(), language: ownLanguage() }), []);
  const [language, setLanguage] = useState<Language>(view?.language ?? languageIn(location.search) ?? ownLanguage());
  const say = useSay(language);
  const shared = { settings, recent, language, onLanguage: setLanguage };
  // A call is asked for while the texts are on their way.
  if (view) return <CallPage {...shared} say={say} initialView={view} />;
  return say && <StartPage {...shared} say={say} />;
}

/** What the page and its start have in common. */
export interface Shared {
  readonly settings: Settings;
  readonly recent: ReturnType<typeof createRecentCalls>;
  readonly say: Say;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

/** The texts of a language; those of the one before until they have come. Null at first. */
function useSay(language: Language): Say | null {
  const [said, setSaid] = useState<{ say: Say } | null>(null);
  // Not after the first frame, as effects are: there is nothing to show before the texts have come.
  useLayoutEffect(() => {
    let isWanted = true;
    void loadSay(language).then((say) => {
      if (!isWanted) return;
      document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
      setSaid({ say });
    });
    return () => void (isWanted = false);
  }, [language]);
  return said?.say ?? null;
}

function languageIn(search: string): Language | null {
  const lang = new URLSearchParams(search).get('lang');
  return lang === 'en' || lang === 'zh' ? lang : null;
}

function ownLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

import { useLayoutEffect, useState } from 'preact/hooks';
import type { Settings } from '../browser/settings.js';
import { loadDictionary, NO_DICTIONARY } from '../graph/dictionary.js';
import type { Language } from '../texts/catalogue.js';

/** What codes mean; nothing until that has come. Without it the page shows the codes' names. */
export function useCodes(urls: Settings['codes'], language: Language) {
  const [dictionary, setDictionary] = useState(NO_DICTIONARY);
  useLayoutEffect(() => {
    let isLatest = true;
    void loadDictionary(urls[language]).then((one) => isLatest && setDictionary(one));
    return () => void (isLatest = false);
  }, [urls, language]);
  return dictionary;
}

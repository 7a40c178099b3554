import { useEffect, useState } from 'preact/hooks';
import type { Graph } from '../graph/ask.js';
import { createDictionary, NO_DICTIONARY, type Dictionary } from '../graph/dictionary.js';
import type { Language } from '../texts/catalogue.js';

/** What codes mean; nothing as long as `isWanted` is false. Without them the page shows the codes' names. */
export function useCodes(graph: Graph, language: Language, isWanted: boolean): Dictionary {
  const [dictionary, setDictionary] = useState(NO_DICTIONARY);
  useEffect(() => {
    if (!isWanted) return;
    let isLatest = true;
    graph.codes(language).then(
      (codes) => isLatest && setDictionary(createDictionary(codes)),
      () => undefined,
    );
    return () => void (isLatest = false);
  }, [graph, language, isWanted]);
  return dictionary;
}

import { keptInBrowser } from './storage.js';

/** The colours of the page: as the system says, or one of the two always. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const kept = keptInBrowser('call-trace:theme');

/** The colours that were chosen in this browser. */
export function readTheme(): Theme {
  return THEMES.find((theme) => theme === kept.read()) ?? 'auto';
}

/** Shows the page in the colours given, and keeps them; without any, in those that were chosen before. */
export function applyTheme(theme?: Theme): void {
  if (theme) kept.write(theme === 'auto' ? null : theme);
  document.documentElement.dataset['theme'] = theme ?? readTheme();
}

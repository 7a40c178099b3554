/** The path of a Chromium or Chrome, which is installed where that may be done without a question; undefined: there is none. */
export function findBrowser(purpose: string): string | undefined;

import { chromium, type Browser } from 'playwright-core';

/** What a machine without internet needs to start a browser, and what keeps the browser's own requests away. */
const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the browser that `TEST_BROWSER` names. Throws if it names none. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['TEST_BROWSER'];
  if (executablePath === undefined) throw new Error('TEST_BROWSER names no browser; `npm test` finds one');
  return chromium.launch({ executablePath, args: BROWSER_ARGUMENTS });
}

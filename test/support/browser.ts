import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from '../programs.js';

/** What a machine without internet needs to start a browser, and what keeps the browser's own requests away. */
const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the browser that `TEST_BROWSER` names, else the one of this machine. Throws if there is none. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser('the tests');
  if (executablePath === undefined)
    throw new Error('there is no Chromium or Chrome: set TEST_BROWSER to the path of one');
  return chromium.launch({ executablePath, args: BROWSER_ARGUMENTS });
}

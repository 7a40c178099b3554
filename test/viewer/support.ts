import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { hashKey } from '../../src/access/api-keys.js';
import { storyCallId, STORIES } from '../../simulator/stories.js';

/** A page, with what it met that it should not meet. */
export interface WatchedPage {
  readonly page: Page;
  /** Requests to anybody but the gateway. */
  readonly outside: readonly string[];
  /** Errors of scripts, and violations of the policy. */
  readonly errors: readonly string[];
}

const VIOLATIONS = `
  document.addEventListener('securitypolicyviolation', (event) =>
    console.error('violation: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
`;

/** Opens an empty page in a context of its own. What fails of HTTP is no error: the page is to show it. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const outside: string[] = [];
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  await page.addInitScript(VIOLATIONS);
  await page.route('**', (route) => {
    const url = route.request().url();
    if (new URL(url).origin === origin) return route.continue();
    outside.push(url);
    return route.abort();
  });
  return { page, outside, errors };
}

/** The names of all stories. */
export const STORY_NAMES: readonly string[] = STORIES.map(({ name }) => name);

/** The address of a story's page. */
export function storyPath(name: string, query = ''): string {
  const story = STORIES.find((one) => one.name === name);
  if (!story) throw new RangeError(`no story is named ${name}`);
  return `/calls/${story.vdn}/${storyCallId(story, Date.now())}${query}`;
}

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

/** What axe finds wrong with the page, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE);
  return page.evaluate<string[]>(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target + ': ' + failureSummary)))`);
}

/** A key that may see calls of VDN 170. */
export const KEY = `ctg_${'a-key-of-the-tests-of-the-page'.padEnd(43, '-')}`;

/** The environment and the files of a gateway at which callers sign in by that key. */
export const SIGNED_IN = [
  { VIEWER: 'true', AUTH_MODE: 'api-key', API_KEYS_FILE: 'keys' },
  { keys: JSON.stringify([{ name: 'page', sha256: hashKey(KEY).toString('hex'), vdns: ['1/170'] }]) },
] as const;

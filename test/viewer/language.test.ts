import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { STORIES } from '../../simulator/stories.js';
import { launchBrowser } from '../support/browser.js';
import { NEVER_FOUND, newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { KEY, openPage, SIGNED_IN, STORY_NAMES, storyPath } from './support.js';

/** Names that stand in a Chinese text as they are. */
const NAMES = new Set(
  'VDN ID API IVR UTC GMT CDN PGR MELCAS GraphQL Markdown Mermaid CSV English CCIVR ackBegin callBegin callId subMediaType'.split(
    ' ',
  ),
);
/** Identifiers: of values (`DEVICE_IVR`), codes of errors, settings, and requests. */
const IDENTIFIER = /\b[A-Z]+(_[A-Z]+)+\b|\b[\da-f]{8}-[\da-f-]{27}\b/g;

/** The Latin words that a page shows or tells, in texts, titles and labels, but for names and what is marked as one. */
async function latinWords(page: Page): Promise<string[]> {
  const texts = await page.evaluate<string[]>(`(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [document.title];
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (!parentElement.closest('.mono, code, datalist, noscript')) texts.push(data);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'placeholder', ...(element.classList.contains('WARNING') || element.classList.contains('INFO') ? [] : ['title'])])
        texts.push(element.getAttribute(name) ?? '');
    return texts;
  })()`);
  const words = texts.flatMap((text) => text.replace(IDENTIFIER, '').match(/[A-Za-z]{2,}/g) ?? []);
  return [...new Set(words)].filter((word) => !NAMES.has(word));
}

describe('the page in Chinese', () => {
  let gateway: TestGateway;
  let signedIn: TestGateway;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    [gateway, signedIn, browser] = await Promise.all([
      startTestGateway({ VIEWER: 'true', CACHE_OPEN_TTL_SECONDS: '1' }),
      startTestGateway(...SIGNED_IN),
      launchBrowser(),
    ]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await Promise.all([gateway.close(), signedIn.close()]);
  });
  afterEach(async () => {
    gateway.simulator.reset();
    await page.context().close();
  });

  async function open(path: string, at = gateway): Promise<Page> {
    ({ page } = await openPage(browser, at.url, { locale: 'zh-CN' }));
    await page.goto(at.url + path);
    await page.locator('h1').waitFor();
    return page;
  }

  it.each(STORY_NAMES)('tells in Chinese all of %s, and of each of its legs', async (name) => {
    const month = STORIES.find((story) => story.name === name)?.month;
    await open(storyPath(name, month === undefined ? '' : `?month=${month}`));
    await page.getByRole('heading', { name: '各段记录' }).waitFor();
    const legs = page.locator('.leg-button');
    for (let leg = 0; leg < (await legs.count()); leg += 1) {
      await legs.nth(leg).click();
      await page.locator('.leg-details dd').first().waitFor();
      expect([leg, await latinWords(page)]).toEqual([leg, []]);
    }
  });

  it.each([
    ['no such call', () => `/calls/170/${newCallId(NEVER_FOUND)}`],
    ['what cannot be a call', () => '/calls/9999/1749974400-11'],
    ['an ID without a time', () => '/calls/170/no-time-in-it'],
    ['the start', () => '/calls'],
  ])('says in Chinese: %s', async (_, path) => {
    await open(path());
    expect((await latinWords(page)).filter((word) => !/^(no|time|in|it)$/.test(word))).toEqual([]);
  });

  it.each(['http-500', 'http-401', 'html-200', 'result-0100002'] as const)(
    'says in Chinese that a question failed: %s',
    async (fault) => {
      gateway.simulator.configure({ fault });
      await open(`/calls/170/${newCallId()}`);
      await page.getByText('无法查询该呼叫').waitFor();
      expect(await latinWords(page)).toEqual([]);
    },
  );

  it('says in Chinese whatever signing in comes to', async () => {
    await open('/calls/171/1749974400-11', signedIn);
    expect(await latinWords(page)).toEqual([]);
    await page.getByLabel('API 密钥或访问令牌').fill(KEY);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('此密钥无权查看 VDN 171 的呼叫').waitFor();
    expect(await latinWords(page)).toEqual([]);
  });
});

describe('the page in English', () => {
  it('has no Chinese but the name of that language, in the evidence, too', async () => {
    const gateway = await startTestGateway({ VIEWER: 'true' });
    const browser = await launchBrowser();
    try {
      const { page } = await openPage(browser, gateway.url);
      for (const name of ['attended-transfer', 'damaged-trace']) {
        await page.goto(gateway.url + storyPath(name, '?leg=2'));
        await page.locator('.leg-details dd').first().waitFor();
        expect((await page.locator('body').innerText()).match(/\p{Script=Han}+/gu)).toEqual(['中文']);
      }
    } finally {
      await browser.close();
      await gateway.close();
    }
  });
});

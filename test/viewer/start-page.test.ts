import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { accessibilityProblems, openPage, storyPath } from './support.js';

describe('the start page', () => {
  let gateway: TestGateway;
  let browser: Browser;

  beforeAll(async () => {
    gateway = await startTestGateway({ VIEWER: 'true' });
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  it('takes VDN and call ID, remembers them in this browser alone, and forgets them', async () => {
    const { page, outside, errors } = await openPage(browser, gateway.url);
    await page.goto(`${gateway.url}/calls`);
    await page.getByText('Where call IDs come from').waitFor();
    await page.getByLabel('VDN').focus();
    await page.keyboard.type('170');
    await page.keyboard.press('Tab');
    await page.keyboard.type('1749974400-11');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Answered after 14 s/ }).waitFor();
    await page.getByRole('link', { name: 'Call trace' }).click();
    const remembered = page.getByRole('link', { name: '1749974400-11 VDN 170' });
    await remembered.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Forget them' }).click();
    await page.getByText('The list is empty now.').waitFor();
    expect(await remembered.count()).toBe(0);
    expect(await page.evaluate('localStorage.length')).toBe(0);
    expect({ outside, errors }).toEqual({ outside: [], errors: [] });
  });

  it('speaks Chinese, and is accessible in the dark on a small screen', async () => {
    const look = { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 320, height: 700 } } as const;
    const { page } = await openPage(browser, gateway.url, look);
    await page.goto(`${gateway.url}/calls`);
    await page.getByRole('heading', { name: '呼叫经过了什么？' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  it('remembers nothing with VIEWER_HISTORY=false, and drops what it had', async () => {
    const forgetful = await startTestGateway({ VIEWER: 'true', VIEWER_HISTORY: 'false' });
    try {
      const { page } = await openPage(browser, forgetful.url);
      await page.goto(`${forgetful.url}/healthz`);
      await page.evaluate(`localStorage.setItem('call-trace:recent', '[{"vdn":1,"callId":"1-1","month":null}]')`);
      await page.goto(forgetful.url + storyPath('attended-transfer'));
      await page.getByRole('heading', { name: /^Answered/ }).waitFor();
      expect(await page.evaluate('localStorage.length')).toBe(0);
    } finally {
      await forgetful.close();
    }
  });
});

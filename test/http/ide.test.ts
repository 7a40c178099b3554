import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { send } from '../support/client.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

/** What a machine without internet needs to start a browser, and what keeps the browser's own requests away. */
const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

describe('the IDE', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;
  /** What the page asked of anybody but the gateway. */
  const outside: string[] = [];
  const pageErrors: string[] = [];

  beforeAll(async () => {
    gateway = await startTestGateway();
    const executablePath = process.env['TEST_BROWSER'];
    if (executablePath === undefined) throw new Error('TEST_BROWSER names no browser; `npm test` finds one');
    browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS });
    page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => pageErrors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') pageErrors.push(message.text());
    });
    await page.route('**', (route) => {
      const url = route.request().url();
      if (/^(blob|data):/.test(url) || new URL(url).origin === gateway.url) return route.continue();
      outside.push(url);
      return route.abort();
    });
    await page.goto(`${gateway.url}/`);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  const editor = () => page.locator('.graphiql-query-editor .view-lines');
  const result = () => page.locator('.graphiql-response .view-lines');

  it('opens with a query, and runs it', async () => {
    await editor().getByText('1678978542-92').waitFor();
    await editor().click();
    await page.keyboard.press('Control+Enter');
    await result().getByText('"complete"').waitFor();
    // The editor writes spaces that do not break.
    expect((await result().innerText()).replaceAll('\u00a0', ' ')).toContain('"complete": true');
    expect(gateway.simulator.countOf('1678978542-92')).toBe(1);
  });

  it('knows the schema, so that it can describe and complete', async () => {
    await page.getByLabel('Show Documentation Explorer').click();
    await page.getByRole('link', { name: 'Query', exact: true }).click();
    await page.getByText('What can be asked: calls by their ID').waitFor();
  });

  it('needs nothing from elsewhere, and meets no error', () => {
    expect(outside).toEqual([]);
    expect(pageErrors).toEqual([]);
  });
});

describe('/', () => {
  it('is not there in production unless IDE says so', async () => {
    const closed = await startTestGateway({ NODE_ENV: 'production' });
    const open = await startTestGateway({ NODE_ENV: 'production', IDE: 'true' });
    try {
      expect((await send(closed.url)).status).toBe(404);
      expect((await fetch(open.url)).headers.get('content-type')).toBe('text/html; charset=utf-8');
    } finally {
      await Promise.all([closed.close(), open.close()]);
    }
  });
});

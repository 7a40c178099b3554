import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually } from '../cache/redis/support/eventually.js';
import { launchBrowser } from '../support/browser.js';
import { send } from '../support/client.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

/** What nobody else is to learn. */
const KEY = 'a-key-of-the-tab';

describe('the IDE', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;
  /** What the page asked of anybody but the gateway. */
  const outside: string[] = [];
  const pageErrors: string[] = [];

  beforeAll(async () => {
    gateway = await startTestGateway();
    browser = await launchBrowser();
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(20_000);
    // An earlier version kept keys for good.
    await page.goto(`${gateway.url}/healthz`);
    await page.evaluate(`localStorage.setItem('graphiql:headers', '{"x-api-key": "${KEY}"}')`);
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
  const run = () => page.keyboard.press('Control+Enter');
  /** What is kept of this site for all tabs, as any other page of it reads it. */
  async function keptForAllTabs(): Promise<string> {
    const other = await page.context().newPage();
    await other.goto(`${gateway.url}/healthz`);
    const kept = await other.evaluate<string>('JSON.stringify({ ...localStorage })');
    await other.close();
    return kept;
  }

  it('opens with a call that was passed on, and shows its legs', async () => {
    await editor().getByText('1700000000-6').waitFor();
    await editor().click();
    await run();
    await result().getByText('"legs"').waitFor();
    // The editor writes spaces that do not break.
    expect((await result().innerText()).replaceAll('\u00a0', ' ')).toContain('"endedBy": "AGENT"');
    expect(gateway.simulator.countOf('1700000000-6')).toBe(1);
  });

  it('knows the schema, so that it can describe and complete', async () => {
    await page.getByLabel('Show Documentation Explorer').click();
    await page.getByRole('link', { name: 'Query', exact: true }).click();
    await page.getByText('What can be asked: calls by their ID').waitFor();
  });

  it('sends the key that was typed in, and keeps it for the tab alone', async () => {
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines').click();
    await page.keyboard.insertText(`{"x-api-key": "${KEY}"}`);
    const asked = page.waitForRequest((request) => request.headers()['x-api-key'] === KEY);
    await run();
    await (await (await asked).response())?.finished();
    // What is typed is kept a moment later: once this is, so is what came before it.
    await page.getByRole('button', { name: 'Variables', exact: true }).click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines').click();
    await page.keyboard.insertText('{"typed": "last"}');
    await eventually('what was typed is kept', async () => {
      const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
      return kept.includes('last');
    });
    expect(await keptForAllTabs()).toBe('{}');
    expect(await page.evaluate<string>('JSON.stringify({ ...sessionStorage })')).not.toContain(KEY);
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
      const page = await fetch(open.url);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('cache-control')).toBe('no-store');
      await page.body?.cancel();
    } finally {
      await Promise.all([closed.close(), open.close()]);
    }
  });
});

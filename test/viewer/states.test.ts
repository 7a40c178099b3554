import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { NEVER_FOUND, newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { accessibilityProblems, KEY, openPage, SIGNED_IN, storyPath, type WatchedPage } from './support.js';

/** On a busy machine, thousands of legs take their time: the gateway and the browser share it with the tests. */
const PATIENT = { REQUEST_DEADLINE_MS: '120000', CMS_ATTEMPT_TIMEOUT_MS: '100000' };
const PATIENCE_MS = 100_000;

/** The page of a call of so many legs: see LEGS_ON_REQUEST. */
const longCall = (legs: number): string => `/calls/170/${newCallId(900_000_000 + legs)}`;

describe('the page, where there is no plain call to show,', () => {
  let browser: Browser;
  let gateway: TestGateway;
  let signedIn: TestGateway;
  const opened: WatchedPage[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
    gateway = await startTestGateway({ VIEWER: 'true', CACHE_OPEN_TTL_SECONDS: '1', ...PATIENT });
    signedIn = await startTestGateway(...SIGNED_IN);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await Promise.all([gateway.close(), signedIn.close()]);
  });
  afterEach(async () => {
    gateway.simulator.reset();
    for (const { page, outside, errors } of opened.splice(0)) {
      expect({ outside, errors }).toEqual({ outside: [], errors: [] });
      await page.context().close();
    }
  });

  async function open(path: string, at = gateway, prepare?: (watched: WatchedPage) => Promise<unknown>) {
    const watched = await openPage(browser, at.url);
    opened.push(watched);
    await prepare?.(watched);
    await watched.page.goto(at.url + path);
    await watched.page.locator('h1').waitFor({ timeout: PATIENCE_MS });
    return watched.page;
  }

  it('says that there is no such call, and looks in another month', async () => {
    const page = await open(`/calls/170/${newCallId(NEVER_FOUND)}`);
    expect(await page.locator('h1').innerText()).toBe('No such call');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByLabel('Month').fill('2024-12');
    await page.getByRole('button', { name: 'Look there' }).click();
    await page.waitForURL(/month=2024-12/);
  });

  it.each(['/calls/9999/1749974400-11', '/calls/x/1749974400-11', '/calls/170/no-time-in-it'])(
    'says what is wrong with %s',
    async (path) => {
      const page = await open(path);
      expect(await page.locator('h1').innerText()).toMatch(/This cannot be a call|could not be asked/);
      await page.getByRole('link', { name: 'Other calls' }).waitFor();
    },
  );

  it('asks for a key once, keeps it in memory, and sends it in no address', async () => {
    const addresses: string[] = [];
    const page = await open(storyPath('attended-transfer'), signedIn, ({ page }) =>
      Promise.resolve(page.on('request', (request) => addresses.push(request.url()))),
    );
    expect(await page.locator('h1').innerText()).toBe('Sign in to see this call');
    expect(await accessibilityProblems(page)).toEqual([]);
    const key = page.getByLabel('API key or access token');
    await key.fill('ctg_not-a-key-of-anybody-000000000000000');
    await key.press('Enter');
    await page.getByText('The gateway did not accept it.').waitFor();
    await key.fill(KEY);
    await key.press('Enter');
    await page.getByRole('heading', { name: /^Answered after 14 s/ }).waitFor();
    expect(await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain(
      KEY,
    );
    expect([...addresses, page.url()].filter((address) => address.includes('ctg_'))).toEqual([]);
    await page.reload();
    await page.getByText('Sign in to see this call').waitFor();
  });

  it('keeps the key for the tab if that is wanted', async () => {
    const page = await open(storyPath('attended-transfer'), signedIn);
    await page.getByLabel('API key or access token').fill(KEY);
    await page.getByLabel('Keep it for this tab').check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: /^Answered/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: /^Answered/ }).waitFor();
    expect(await page.evaluate<string>('JSON.stringify({ ...localStorage })')).not.toContain(KEY);
  });

  it('says that a key may not see calls of a VDN', async () => {
    const page = await open('/calls/171/1749974400-11', signedIn);
    await page.getByLabel('API key or access token').fill(KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'This key may not see calls of VDN 171' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('says what failed, with the code and the request, and tries again', async () => {
    gateway.simulator.configure({ fault: 'http-500' });
    const page = await open(`/calls/170/${newCallId()}`);
    expect(await page.locator('h1').innerText()).toBe('The call could not be asked for');
    await page.getByText(/Code UPSTREAM_UNAVAILABLE · Request [\w-]{36}/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    gateway.simulator.configure({ fault: null });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Legs' }).waitFor();
  });

  it('shows what it last knew, and says that it is stale', async () => {
    const path = storyPath('in-progress-talking');
    const first = await open(path);
    await first.getByText('In progress: this page follows the call.').waitFor();
    gateway.simulator.configure({ fault: 'http-500' });
    await first.getByRole('button', { name: 'Ask anew' }).click();
    await first
      .getByText('This may be out of date')
      .or(first.getByText(/Code UPSTREAM_UNAVAILABLE/))
      .waitFor();
    await first.getByRole('heading', { name: 'Legs' }).waitFor();
    expect(await accessibilityProblems(first)).toEqual([]);
  });

  it('follows a call in progress while it is visible, not sooner than every 5 s', async () => {
    const page = await open(storyPath('in-progress-talking'), gateway, ({ page }) => page.clock.install());
    let asked = 0;
    page.on('request', (request) => (asked += /CallPage/.test(request.postData() ?? '') ? 1 : 0));
    const hide = (state: string) =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await page.getByText('In progress: this page follows the call.').waitFor();
    await page.clock.runFor(3_000);
    expect(asked).toBe(0);
    await hide('hidden');
    await page.clock.runFor(60_000);
    expect(asked).toBe(0);
    const again = page.waitForRequest((request) => /CallPage/.test(request.postData() ?? ''));
    await hide('visible');
    await page.clock.runFor(1);
    await again;
    await page.getByText('The call was updated.').waitFor();
  });

  it('goes to the leg of its address, and tells of updates, where the texts come after the call', async () => {
    const page = await open(`${storyPath('in-progress-talking')}?leg=1`, gateway, async ({ page }) => {
      await page.clock.install();
      const answered = page.waitForResponse((response) => /CallPage/.test(response.request().postData() ?? ''));
      await page.route(/\/en-\w+\.js$/, async (route) => {
        await (await answered).finished();
        // What comes with the answer has run by the second frame.
        await page.evaluate('new Promise((seen) => requestAnimationFrame(() => setTimeout(seen, 200)))');
        await route.fallback();
      });
    });
    await page.locator('#leg-1:focus').waitFor();
    await page.clock.runFor(60_000);
    await page.getByText('The call was updated.').waitFor();
  });

  it('opens no leg where a part is chosen within its bar, and does where the bar is clicked', async () => {
    const page = await open(storyPath('in-progress-talking'));
    const bars = page.locator('svg.overview [data-leg]');
    await bars.first().waitFor();
    const boxes = await Promise.all((await bars.all()).map((bar) => bar.boundingBox()));
    const widest = boxes.reduce((most, box) => ((box?.width ?? 0) > (most?.width ?? 0) ? box : most));
    if (!widest) throw new Error('no bar is drawn');
    const y = widest.y + widest.height / 2;
    await page.mouse.move(widest.x + widest.width / 4, y);
    await page.mouse.down();
    await page.mouse.move(widest.x + (widest.width * 3) / 4, y);
    await page.mouse.up();
    await page.locator('svg.overview .frame').waitFor();
    expect(new URL(page.url()).searchParams.has('leg')).toBe(false);
    await page.mouse.click(widest.x + widest.width / 2, y);
    await page.waitForURL(/[?&]leg=\d/);
  });

  it('folds 400 legs, and opens the one that its address names', async () => {
    const page = await open(`${longCall(400)}?leg=123`);
    await page.getByRole('group', { name: 'Leg 123 in detail' }).waitFor();
    await page.locator('#leg-400').waitFor();
    expect(await page.locator('tr.leg').count()).toBe(150); // the first fold, the last, and that of leg 123
    expect(await page.locator('*').count()).toBeLessThan(6_000);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Unfold all' }).click();
    await page.locator('[data-leg="400"]').first().waitFor();
    expect(await page.locator('tr.leg').count()).toBe(400);
  });

  it('shows 6,000 legs within bounds, and asks for the details of the one that is opened', async () => {
    const page = await open(`${longCall(6_000)}?leg=3000`, gateway, ({ page }) => page.addInitScript(LONG_TASKS));
    const details = page.getByRole('group', { name: 'Leg 3000 in detail' });
    await details.getByText('Came because').waitFor({ timeout: PATIENCE_MS });
    await details.getByText('Came from').waitFor();
    await page.locator('#leg-6000').waitFor();
    expect(await page.locator('tr.leg').count()).toBe(150);
    for (const name of ['Timeline', 'What happened', 'About the records'])
      await page.getByRole('heading', { name }).waitFor();
    // Bars too near to be told apart are drawn once, rows are folded: the page does not grow with the call.
    expect(await page.locator('*').count()).toBeLessThan(9_000);
    expect(await page.evaluate('longTasks')).toBeLessThan(30);
    expect(await page.getByText('Too long to be shown whole').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 200_000);
});

/** Counts the turns of the page that took over 50 ms. */
const LONG_TASKS = `longTasks = 0;
  new PerformanceObserver((list) => (longTasks += list.getEntries().length)).observe({ type: 'longtask', buffered: true });`;

describe('the page of a call that is too long even in sections', () => {
  it('shows the sections that the gateway answers, and names the others', async () => {
    const gateway = await startTestGateway({ ...PATIENT, VIEWER: 'true', LIMIT_FIELDS: '3000' });
    const browser = await launchBrowser();
    try {
      const { page, errors } = await openPage(browser, gateway.url);
      await page.goto(gateway.url + longCall(400));
      await page.getByText('Left out: the legs. Whoever').waitFor({ timeout: PATIENCE_MS });
      await page.getByRole('heading', { name: 'What happened' }).waitFor();
      expect(await page.locator('.lanes li').count()).toBe(5);
      expect(await page.locator('table').count()).toBe(0);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
      await gateway.close();
    }
  });
});

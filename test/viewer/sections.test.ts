import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page, Route } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { openPage } from './support.js';

const MINUTE_MS = 60_000;
/** Too few for a call in one answer, enough for each section of it. */
const LIMIT_FIELDS = '260';
/** The numbers of a call that is in a menu, then in a queue, then with an agent; and of one that never ends. */
const MENU_QUEUE_AGENT = 2;
const NEVER_ENDS = 10;
const SECTIONS = ['legs', 'timeline', 'story', 'links'];

describe('the page of a call that goes on while its sections are asked for', () => {
  let gateway: TestGateway;
  let browser: Browser;
  const startedAt = Date.now();
  /** Time goes on when a test says so: on a busy machine, the calls must not go on by themselves. */
  let aheadMs = 0;
  beforeAll(async () => {
    const clock = { wall: () => startedAt + aheadMs, monotonic: () => performance.now() + aheadMs };
    gateway = await startTestGateway({ VIEWER: 'true', CACHE_OPEN_TTL_SECONDS: '50', LIMIT_FIELDS }, {}, clock);
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  /** Opens a call that began a few seconds ago. `answer` answers each question for one section. */
  async function open(path: string, answer: (route: Route, section: string) => Promise<void>): Promise<Page> {
    const { page } = await openPage(browser, gateway.url);
    await page.route('**/graphql', async (route) => {
      const { variables } = route.request().postDataJSON() as { readonly variables: Record<string, unknown> };
      const [section, ...others] = SECTIONS.filter((one) => variables[one] === true);
      if (section === undefined || others.length > 0) await route.continue();
      else await answer(route, section);
    });
    await page.goto(gateway.url + path);
    await page.locator('h1').waitFor();
    return page;
  }
  const callOf = (number: number): string =>
    `/calls/170/${Math.floor((startedAt + aheadMs) / 1000) - 5}-${number}?lang=en`;
  const passOn = async (route: Route): Promise<void> => route.fulfill({ response: await route.fetch() });
  const shown = async (page: Page): Promise<string> => {
    await page.getByRole('heading', { name: 'Legs' }).waitFor();
    return (await page.locator('main').innerText()).replace(/told it at [^.]*\./, '');
  };

  it('shows all sections as of the latest answer, and asks anew only for what is older', async () => {
    const path = callOf(MENU_QUEUE_AGENT);
    const asked: string[] = [];
    const answers: Promise<void>[] = [];
    const page = await open(path, async (route, section) => {
      asked.push(section);
      if (section === 'links' && asked.length === SECTIONS.length) {
        await Promise.all(answers); // those of the call as it was
        aheadMs += 10 * MINUTE_MS;
      }
      const answer = passOn(route);
      answers.push(answer);
      await answer;
    });
    const joined = await shown(page);
    expect(asked.slice(0, SECTIONS.length).toSorted()).toEqual(SECTIONS.toSorted());
    expect(asked.slice(SECTIONS.length).toSorted()).toEqual(['legs', 'story', 'timeline']);
    const later = await open(path, passOn);
    expect(joined).toBe(await shown(later));
    expect(joined).not.toContain('In progress');
  });

  it('says so if the call changes in every round, and asks again when it is told to', async () => {
    let turn = Promise.resolve();
    let changesMs = MINUTE_MS;
    const page = await open(callOf(NEVER_ENDS), (route) => {
      turn = turn.then(() => {
        aheadMs += changesMs;
        return passOn(route);
      });
      return turn;
    });
    await page.getByText('The call changed each time while its parts were asked for.').waitFor();
    changesMs = 0;
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await shown(page)).toContain('In progress');
  });
});

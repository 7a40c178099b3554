/**
 * `npm run bench:page`: how long the page takes from its address to the legs on the screen, for calls of 5, 400 and 6,000
 * legs that are in the gateway's memory; the median of some views in the browser of the tests. On a machine with other work
 * the figures are of that work.
 *
 *   ready    from the navigation to the first painted frame with a leg in it
 *   answers  the part of it until the last answer of the graph had come
 *   drawing  the rest: what the page itself takes
 */
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.js';
import { newCallId, startTestGateway } from '../test/support/gateway.js';
import { LEGS_ON_REQUEST } from '../simulator/scenarios.js';

const VIEWS = Number(process.env['VIEWS'] ?? 7);
const GOALS_MS: ReadonlyMap<number, number> = new Map([
  [400, 150],
  [6_000, 1_500],
]);

/** Notes when a frame with a leg was painted, and counts long turns. */
const WATCH = `
  longTasks = 0;
  new PerformanceObserver((list) => (longTasks += list.getEntries().length)).observe({ type: 'longtask' });
  legsAt = new Promise((resolve) => {
    const look = () => document.querySelector('tr.leg')
      ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
      : requestAnimationFrame(look);
    look();
  });`;
const MEASURE = `legsAt.then((ready) => ({
  ready,
  answers: Math.max(...performance.getEntriesByName(location.origin + '/graphql').map(({ responseEnd }) => responseEnd)),
  nodes: document.querySelectorAll('*').length,
  longTasks,
}))`;

interface View {
  readonly ready: number;
  readonly answers: number;
  readonly nodes: number;
  readonly longTasks: number;
}

const gateway = await startTestGateway({
  VIEWER: 'true',
  LOG_LEVEL: 'error',
  RATE_LIMIT_POINTS_PER_MINUTE: '0',
  REQUEST_DEADLINE_MS: '60000',
  CMS_ATTEMPT_TIMEOUT_MS: '50000',
});
const browser = await launchBrowser();
try {
  for (const legs of [undefined, ...GOALS_MS.keys()]) {
    const callId = legs === undefined ? '1749974400-11' : newCallId(LEGS_ON_REQUEST + legs);
    const views = await viewsOf(browser, `${gateway.url}/calls/170/${callId}`);
    const median = (name: keyof View) =>
      views.map((view) => view[name]).sort((a, b) => a - b)[views.length >> 1] ?? NaN;
    const [ready, answers] = [median('ready'), median('answers')];
    const goal = GOALS_MS.get(legs ?? 0);
    process.stdout.write(
      `${String(legs ?? 5).padStart(5)} legs: ready ${ready.toFixed(0)} ms${goal === undefined ? '' : ` (goal ${goal})`}, answers ${answers.toFixed(0)} ms, drawing ${(ready - answers).toFixed(0)} ms; ${median('nodes')} nodes, ${median('longTasks')} long turns\n`,
    );
  }
} finally {
  await browser.close();
  await gateway.close();
}

/** The first two views are not counted: they fill the caches of gateway and browser. */
async function viewsOf(browser: Browser, url: string): Promise<View[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.addInitScript(WATCH);
  const views: View[] = [];
  for (let view = 0; view < VIEWS + 2; view += 1) {
    await page.goto(url);
    views.push(await page.evaluate<View>(MEASURE));
  }
  await page.close();
  return views.slice(2);
}

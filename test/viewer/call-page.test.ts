import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { accessibilityProblems, openPage, STORY_NAMES, storyPath, type WatchedPage } from './support.js';

describe('the page of a call', () => {
  let gateway: TestGateway;
  let browser: Browser;
  const opened: WatchedPage[] = [];

  beforeAll(async () => {
    gateway = await startTestGateway({ VIEWER: 'true' });
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });
  afterEach(async () => {
    for (const { page, outside, errors } of opened.splice(0)) {
      expect({ outside, errors }).toEqual({ outside: [], errors: [] });
      await page.context().close();
    }
  });

  async function open(path: string, options: BrowserContextOptions = {}) {
    const watched = await openPage(browser, gateway.url, options);
    opened.push(watched);
    await watched.page.goto(gateway.url + path);
    await watched.page.locator('h1').waitFor();
    return watched.page;
  }

  it('tells what the call came to, sentence by sentence, lane by lane, leg by leg', async () => {
    const page = await open(storyPath('attended-transfer'));
    expect(await page.locator('h1').innerText()).toMatch(
      /^Answered after 14 s by agent 2001, who handed over to agent 2002/,
    );
    expect(await page.locator('.narrative li').count()).toBeGreaterThan(5);
    expect(await page.locator('.lane-name b').allInnerTexts()).toEqual([
      'Whole call',
      'Customer',
      'Menu 7',
      'Queue 101',
      'Agent 2001',
      'Agent 2002',
    ]);
    const row = page.getByRole('row', { name: /^3 / });
    await row.getByText('Call put on hold').waitFor();
    expect((await row.innerText()).split(/\s*\n\s*/).slice(0, 4)).toEqual(['3', 'Agent 2001', '16:00:20', '1:04']);
  });

  it('is told by keyboard alone', async () => {
    const page = await open(storyPath('attended-transfer'));
    await page.getByRole('group', { name: /^Timeline/ }).focus();
    await page.keyboard.press('+');
    await page.waitForURL(/from=2025-06-15T08:00:59.*to=2025-06-15T08:02:59/);
    await page.keyboard.press('?');
    await page.getByText('Keys while the timeline has the focus').waitFor();
    await page.keyboard.press('0');
    await page.waitForURL((url) => !url.searchParams.has('from'));
    // Into the legs, to the third, into its details and back.
    await page.locator('.leg-link').last().focus();
    await page.keyboard.press('Tab');
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await page.waitForURL(/leg=3/);
    const details = page.getByRole('group', { name: 'Leg 3 in detail' });
    await details.getByText('18 HELD').waitFor();
    await page.waitForFunction(`document.activeElement.id === 'details-3'`);
    await page.keyboard.press('Escape');
    await page.waitForFunction(`document.activeElement.id === 'leg-3'`);
    expect(await details.count()).toBe(0);
  });

  it('leads from a sentence to its leg, and marks what it tells of', async () => {
    const page = await open(storyPath('attended-transfer'));
    const sentence = page.locator('.narrative li', { hasText: 'consulted agent 2002' });
    await sentence.hover();
    const marked = `[...document.querySelectorAll('tr[data-marked]')].map((row) => row.dataset.leg)`;
    expect(await page.evaluate(marked)).toEqual(['3', '4']);
    await sentence.getByRole('button', { name: 'Leg 4' }).click();
    await page.getByRole('group', { name: 'Leg 4 in detail' }).waitFor();
    expect(new URL(page.url()).searchParams.get('leg')).toBe('4');
  });

  it('shows what its address says, whoever opens it', async () => {
    const page = await open(storyPath('attended-transfer'));
    await page.getByLabel('Times').selectOption('Since the start');
    const zone = page.getByLabel('Time zone');
    await zone.fill('America/New_York');
    await zone.press('Enter');
    await page.getByText('04:00:00–04:03:59 (UTC-4)').or(page.getByText('04:00:00–04:03:59 (UTC−4)')).waitFor();
    await page.getByRole('button', { name: 'Agent 2001' }).click();
    await page.getByRole('button', { name: 'Zoom to leg 3' }).click();
    await page.getByLabel('Language').selectOption('中文');
    await page.getByRole('heading', { name: '经过' }).waitFor();
    await page.waitForURL(/lang=zh/);
    const seen = async (at: typeof page) => ({
      url: at.url(),
      legs: await at.getByRole('table').innerText(),
      axis: await at.locator('.axis').textContent(),
      headline: await at.locator('h1').innerText(),
    });
    const other = await open(page.url().slice(gateway.url.length), { timezoneId: 'UTC' });
    await other.getByText('三方').or(other.getByText('保持')).first().waitFor();
    await other.getByRole('group', { name: '第 3 段详情' }).waitFor();
    expect(await seen(other)).toEqual(await seen(page));
  });

  it('says that a zone does not exist', async () => {
    const page = await open(storyPath('attended-transfer'));
    await page.getByLabel('Time zone').fill('Mars/Olympus');
    await page.getByLabel('Time zone').press('Enter');
    await page.getByText('There is no time zone of this name.').waitFor();
    expect(new URL(page.url()).searchParams.get('zone')).toBeNull();
  });

  it('copies itself in each form, and says so', async () => {
    const page = await open(storyPath('attended-transfer'), { permissions: ['clipboard-read', 'clipboard-write'] });
    for (const [name, text, said] of [
      ['Text', /Answered after 14 s/, 'The call was copied as text.'],
      ['Markdown', /^#|\*\*|\| /, 'The call was copied as Markdown.'],
      ['Mermaid', /^sequenceDiagram/, 'The call was copied as a Mermaid diagram.'],
      ['CSV', /^position,callIdNum/, 'The legs were copied as CSV.'],
      [
        'Link',
        /^http:.*\/calls\/170\/1749974400-11\?.*zone=Asia\/Shanghai&lang=en/,
        'The link to this view was copied.',
      ],
    ] as const) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('status').filter({ hasText: said }).waitFor();
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toMatch(text);
    }
  });

  it('draws in the row of a leg when it was, and lists what came before it and after', async () => {
    const page = await open(storyPath('attended-transfer', '?leg=3'));
    const states = await page.evaluate<string[]>(
      `[...document.querySelectorAll('tr[data-leg="3"] td.bars .bar')].map((bar) => bar.getAttribute('class'))`,
    );
    expect(states).toEqual(['bar RINGING', 'bar TALKING', 'bar HOLD']);
    const details = page.getByRole('group', { name: 'Leg 3 in detail' });
    for (const text of [
      /^Came from\s*2\s*went on$/,
      /^Led to\s*5\s*handed over, attended transfer$/,
      /^Customer on hold\s*35 s · then connected/,
    ])
      await details.locator('div').filter({ hasText: text }).first().waitFor();
  });

  it('asks the graph once, and is answered by the fast path from the third view on', async () => {
    const answered = async () =>
      Number(/outcome="answered"\} (\d+)/.exec(await (await fetch(`${gateway.adminUrl}/metrics`)).text())?.[1]);
    const page = await open(storyPath('consult-then-retrieve'));
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request.url());
    });
    const counts = [];
    for (let view = 0; view < 4; view += 1) {
      posts.length = 0;
      const before = await answered();
      await page.reload();
      await page.getByRole('row', { name: /^3 / }).getByText('Call put on hold').waitFor();
      expect(posts).toEqual([`${gateway.url}/graphql`]);
      counts.push((await answered()) - before);
    }
    expect(counts.slice(-2)).toEqual([1, 1]);
  });

  it.each(['en', 'zh'])('reads, without any look at it, as it was read by eye: %s', async (language) => {
    const page = await open(storyPath('attended-transfer', `?lang=${language}&leg=4`));
    await page.locator('#details-4 dd').first().waitFor();
    await page.locator('.confidence').first().waitFor();
    const heard = (await page.locator('main').ariaSnapshot()).replace(
      /(told it at |呼叫中心于 )[^.。]*?(\.| 提供)/,
      '$1NOW$2',
    );
    expect(`${heard}\n`).toBe(readFileSync(`test/viewer/heard/attended-transfer.${language}.txt`, 'utf8'));
  });

  it('prints all of a call, and none of what only a screen needs', async () => {
    const page = await open(storyPath('damaged-trace', '?leg=2'), { colorScheme: 'dark' });
    await page.locator('#details-2').waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const name of ['Timeline', 'What happened', 'About the records', 'Legs'])
      expect(await page.getByRole('heading', { name }).isVisible()).toBe(true);
    for (const part of ['.choices', '.zoom', '.copy', 'button.quiet'])
      expect([part, await page.locator(part).first().isVisible()]).toEqual([part, false]);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgba(0, 0, 0, 0)');
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
  });

  it.each(['en-US', 'zh-CN'])(
    'is accessible in %s: on screens small and large, in light and dark',
    async (locale) => {
      const page = await open(
        storyPath('damaged-trace', '?leg=2&from=2025-06-15T08:00:10.000Z&to=2025-06-15T08:01:10.000Z'),
        { locale },
      );
      await page.locator('#details-2').waitFor();
      for (const width of [1280, 960, 320]) {
        await page.setViewportSize({ width, height: 800 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect([width, colorScheme, await accessibilityProblems(page)]).toEqual([width, colorScheme, []]);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        }
      }
    },
    180_000,
  );

  it('is accessible with forced colours, and where less is to move', async () => {
    const page = await open(storyPath('three-party-help-then-conference', '?leg=4'));
    await page.locator('#details-4').waitFor();
    for (const look of [{ forcedColors: 'active' }, { forcedColors: 'none', reducedMotion: 'reduce' }] as const) {
      await page.emulateMedia(look);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  });
});

describe('a call as a Mermaid diagram', () => {
  it('is one by the parser of Mermaid, for every story in both languages', async () => {
    const gateway = await startTestGateway();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage(); // of its own, without our policy: Mermaid breaks it
      await page.addScriptTag({ path: 'node_modules/mermaid/dist/mermaid.min.js' });
      const kindsOf = (texts: readonly string[]) =>
        page.evaluate<string[]>(`Promise.all(${JSON.stringify(texts)}.map((text) =>
          mermaid.parse(text).then(({ diagramType }) => diagramType, (error) => String(error))))`);
      expect(await kindsOf(['sequenceDiagram\n  a->>'])).toEqual([expect.stringMatching(/error/i)]);
      const texts = await Promise.all(
        STORY_NAMES.map(async (name) => {
          const [, , vdn, callId] = storyPath(name).split('/');
          const month = name === 'vendor-sample' ? { month: '2021-03' } : {};
          const { body } = await gateway.query(
            `query ($vdn: Int!, $callId: ID!, $month: CallMonth) { call(vdn: $vdn, callId: $callId, month: $month) {
              en: text(as: MERMAID, language: EN) zh: text(as: MERMAID, language: ZH) } }`,
            { vdn: Number(vdn), callId, ...month },
          );
          const { en, zh } = (body.data as { call: { en: string; zh: string } }).call;
          return [en, zh];
        }),
      );
      expect(await kindsOf(texts.flat())).toEqual(texts.flat().map(() => 'sequence'));
    } finally {
      await browser.close();
      await gateway.close();
    }
  });
});

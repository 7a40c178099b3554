import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildASTSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, parse } from 'graphql';
import type { Browser, Page } from 'playwright-core';
import { runExamples } from '../../schema/reference/examples.js';
import { readSdl } from '../../src/graphql/sdl.js';
import { launchBrowser } from '../support/browser.js';
import { send } from '../support/client.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

/** Coordinates of all that the page must have. */
function coordinates(): string[] {
  const schema = buildASTSchema(parse(readSdl().direct), { assumeValidSDL: true });
  return Object.values(schema.getTypeMap())
    .filter(({ name, astNode }) => astNode != null && !name.startsWith('__'))
    .flatMap((type) => {
      const below = isEnumType(type)
        ? type.getValues().map(({ name }) => name)
        : isInputObjectType(type)
          ? Object.keys(type.getFields())
          : isObjectType(type) || isInterfaceType(type)
            ? Object.values(type.getFields()).flatMap(({ name, args }) => [
                name,
                ...args.map((one) => `${name}.${one.name}`),
              ])
            : [];
      return [type.name, ...below.map((path) => `${type.name}.${path}`)];
    });
}

describe('the reference of the schema', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;
  /** What the page asked of anybody, but for itself. */
  const asked: string[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    gateway = await startTestGateway({ VIEWER: 'true' });
    browser = await launchBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${gateway.url}/schema`);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  const part = (path: string) => page.locator(`[id="${path}"]`);
  const notes = async (path: string, kind: string) =>
    (await part(path).locator(`:scope > p:has(.${kind})`).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));

  it('has each type, field, argument and value of the graph', async () => {
    const ids = await page.evaluate<string[]>('[...document.querySelectorAll("[id]")].map(({ id }) => id)');
    expect(coordinates().filter((path) => !ids.includes(path))).toEqual([]);
    expect(ids.length).toBe(new Set(ids).size);
  });

  it('links nothing that is not there', async () => {
    const missing = await page.evaluate<string[]>(
      `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href').slice(1)).filter((id) => !document.getElementById(id))`,
    );
    expect(missing).toEqual([]);
  });

  it('tells what is masked', async () => {
    expect(await notes('Call.callerNo', 'mask')).toEqual(['masked always']);
    expect(await notes('CallLeg.deviceNo', 'mask')).toEqual(['masked if it is a number']);
    expect(await notes('Call.callerNoHash', 'mask')).toEqual([]);
  });

  it('tells costs, as callers are charged', async () => {
    expect(await notes('Query.call', 'cost')).toEqual([
      'cost 1 point, 5 with refresh; 1 more for each 500 fields of the answer',
    ]);
    expect(await notes('Query.calls', 'cost')).toEqual(['cost 1 point for each key, 5 with refresh']);
    expect((await notes('Mutation.forgetCall', 'cost'))[0]).toMatch(/^cost 5 points;/);
    expect((await notes('Call.legs', 'cost'))[0]).toMatch(
      /^cost counts as \d{3} fields in a call of 10 legs, more with each item$/,
    );
    expect(await notes('Call.complete', 'cost')).toEqual([]);
  });

  it('tells which errors can stand at a field', async () => {
    expect((await notes('Query.call', 'errors'))[0]).toContain('UPSTREAM_TIMEOUT');
    expect((await notes('Query.call', 'errors'))[0]).not.toContain('UNAUTHENTICATED');
    expect((await notes('Mutation.forgetCall', 'errors'))[0]).toBe(
      'errors INTERNAL_SERVER_ERROR FORBIDDEN BAD_USER_INPUT',
    );
    expect(await notes('Query.callCodes', 'errors')).toEqual([]);
  });

  it('tells how surely the meaning of a code is known, and whence', async () => {
    expect(await notes('CallMediaType.VOICE', 'high')).toHaveLength(1);
    expect((await notes('CallMediaType.VC_CALL', 'medium'))[0]).toMatch(/^22 medium /);
  });

  it('shows the examples with what a gateway answers', async () => {
    const examples = await runExamples(new URL('../../examples/', import.meta.url));
    expect(examples.length).toBeGreaterThan(5);
    for (const { name, document, answer } of examples) {
      const blocks = await part(`example-${name}`).locator('pre').allTextContents();
      expect(blocks[0]).toBe(document);
      expect(blocks.at(-1)).toBe(answer);
    }
  });

  it('finds by several words, and shows all again when a link is followed', async () => {
    const visible = () =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('section[data-type]')].filter((one) => !one.hidden).map(({ id }) => id)`,
      );
    const all = await visible();
    await page.keyboard.press('/');
    await page.keyboard.insertText('voice MESSAGE');
    expect(await page.locator('#found').innerText()).toBe('2 found');
    expect(await visible()).toEqual(['CallType']);
    await page.keyboard.press('Escape');
    expect(await visible()).toEqual(all);
    await page.locator('#search').fill('callerNoHash');
    await page.locator('[id="Call.callerNoHash"] .name').click();
    await page.locator('section#Query').waitFor();
    expect(await visible()).toEqual(all);
  });

  it('loads nothing, and meets no error', () => {
    expect(asked.map((url) => url.replace(gateway.url, '').replace(/#.*/, ''))).toEqual(['/schema']);
    expect(errors).toEqual([]);
  });

  it('works from the file, too', async () => {
    await page.goto(new URL('../../schema/reference.html', import.meta.url).href);
    await page.locator('#search').fill('voice message');
    expect(await page.locator('#found').innerText()).toBe('2 found');
  });

  it('is linked from the IDE and from the page that shows calls', async () => {
    expect(await (await fetch(`${gateway.url}/`)).text()).toContain('<a href="/schema"');
    const from = await browser.newPage();
    await from.goto(`${gateway.url}/calls`);
    await from.locator('a[href="/schema"]').waitFor();
    await from.close();
  });
});

describe('/schema', () => {
  it('is compressed for whoever takes that, with the headers of a page that runs its own scripts alone', async () => {
    const gateway = await startTestGateway();
    try {
      const plain = await fetch(`${gateway.url}/schema`, { headers: { 'accept-encoding': 'identity' } });
      const packed = await fetch(`${gateway.url}/schema`, { headers: { 'accept-encoding': 'gzip' } });
      const text = readFileSync('schema/reference.html', 'utf8');
      expect([plain.headers.get('content-encoding'), packed.headers.get('content-encoding')]).toEqual([null, 'gzip']);
      expect([await plain.text(), await packed.text()]).toEqual([text, text]);
      expect(plain.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; /);
      expect(plain.headers.get('x-content-type-options')).toBe('nosniff');
    } finally {
      await gateway.close();
    }
  });

  it('is not there where the schema is not told, and nothing links it', async () => {
    const gateway = await startTestGateway({ INTROSPECTION: 'false', IDE: 'true', VIEWER: 'true' });
    try {
      expect((await send(`${gateway.url}/schema`)).status).toBe(404);
      expect(await (await fetch(`${gateway.url}/`)).text()).not.toContain('href="/schema"');
      expect(await (await fetch(`${gateway.url}/calls`)).text()).toContain('&quot;reference&quot;:null');
    } finally {
      await gateway.close();
    }
  });
});

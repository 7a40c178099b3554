import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Kind, parse, type TypeNode } from 'graphql';
import type { CallUnderstanding } from '../../src/call/understanding/understanding.js';
import { judged, STORIES, told, type Story } from '../call/understanding/support.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { createTestClock } from '../support/traces.js';

const DAY_MS = 86_400_000;

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

/** A gateway that asks when the story is to be asked for: in a call in progress that decides what it says. */
async function startFor(
  { asOf, callId }: Story,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestGateway> {
  const now = asOf === undefined ? Number(callId.split('-')[0]) * 1000 + DAY_MS : Date.parse(asOf);
  return (gateway = await startTestGateway(settings, {}, createTestClock(now)));
}

/** The month in which the vendor's own sample lies, whose call ID is of two years later. */
const monthOf = ({ name }: Story): string => (name === 'vendor-sample' ? ', month: "2021-03"' : '');

function documentFor(story: Story, selection: string): string {
  return `{ call(vdn: ${story.vdn}, callId: "${story.callId}"${monthOf(story)}) { ${selection} } }`;
}

async function ask(one: TestGateway, story: Story, selection: string): Promise<Record<string, unknown>> {
  const { body } = await one.query(documentFor(story, selection));
  expect(body.errors).toBeUndefined();
  return body.data?.['call'] as Record<string, unknown>;
}

const TYPES = new Map(
  parse(readFileSync('schema/understanding.graphql', 'utf8')).definitions.flatMap((part) =>
    part.kind === Kind.OBJECT_TYPE_EXTENSION || part.kind === Kind.OBJECT_TYPE_DEFINITION
      ? [[part.name.value, part.fields ?? []] as const]
      : [],
  ),
);

/** Every field of a type that is derived. Those with arguments are left out. */
function everyField(type = 'Call'): string {
  return (TYPES.get(type) ?? [])
    .filter((field) => field.arguments?.length === 0)
    .map((field) => {
      const inner = innermost(field.type);
      return TYPES.has(inner) ? `${field.name.value} { ${everyField(inner)} }` : field.name.value;
    })
    .join(' ');
}

function innermost(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : innermost(type.type);
}

const INSTANTS: ReadonlySet<string> = new Set(['answeredAt', 'at', 'from', 'to', 'startedAt', 'endedAt']);

/** An answer in the shape of what it was made from. */
function asUnderstanding(answer: object): CallUnderstanding {
  const text = JSON.stringify(answer, (name, value: unknown) =>
    INSTANTS.has(name) && typeof value === 'string' ? Date.parse(value) : value,
  );
  return JSON.parse(text.replaceAll('"deviceId":', '"id":')) as CallUnderstanding;
}

describe('what a call means', () => {
  it.each(STORIES.map((story) => [story.name, story] as const))('is told over HTTP: %s', async (_, story) => {
    const answer = await ask(await startFor(story), story, `complete direction ${everyField()}`);
    expect(told(asUnderstanding(answer), story.expect)).toEqual(judged(story.expect));
  });

  it.each(STORIES.map((story) => [story.name, story] as const))('is told in words over HTTP: %s', async (_, story) => {
    const { timeZone, mentions, mustNotMention } = story.expect['narrative'] as {
      readonly timeZone: string;
      readonly mentions: readonly string[];
      readonly mustNotMention: readonly string[];
    };
    const telling = (language: string): string => {
      const given = `language: ${language}, timeZone: "${timeZone}"`;
      const texts = ['PLAIN', 'MARKDOWN', 'MERMAID', 'CSV'].map((form) => `${form}: text(as: ${form}, ${given})`);
      return `narrative(${given}) { headline sentences { text legs } } ${texts.join(' ')}`;
    };
    const one = await startFor(story);
    for (const language of ['EN', 'ZH']) {
      const { narrative, ...texts } = await ask(one, story, telling(language));
      for (const mention of mentions) expect(JSON.stringify(narrative)).toContain(mention);
      for (const number of mustNotMention) expect(JSON.stringify([narrative, texts])).not.toContain(number);
    }
  });

  const [STORY] = STORIES.filter(({ name }) => name === 'attended-transfer') as [Story];

  it('is the same on the fast path, to the byte', async () => {
    const one = await startFor(STORY);
    const selection = `id ${everyField()} narrative(language: ZH) { headline sentences { text legs } } text(as: CSV)`;
    const body = JSON.stringify({ query: documentFor(STORY, selection) });
    const headers = { 'content-type': 'application/json' };
    const texts: string[] = [];
    for (let time = 0; time < 4; time += 1)
      texts.push(await (await fetch(`${one.url}/graphql`, { method: 'POST', headers, body })).text());
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('"verdict":"ANSWERED"');
    expect(await answeredByFastPath(one)).toBeGreaterThan(0);
  });

  it('reads the two doubtful times as the settings say, and tells so', async () => {
    const one = await startFor(STORY, { CMS_ACK_BEGIN: 'answer', CMS_CALL_BEGIN: 'call' });
    const { evidence } = await ask(one, STORY, 'evidence { field value }');
    expect(evidence).toEqual(
      expect.arrayContaining([
        { field: 'CMS_ACK_BEGIN', value: 'answer' },
        { field: 'CMS_CALL_BEGIN', value: 'call' },
      ]),
    );
  });

  it('has one word for who ended it', async () => {
    const { endedBy, ending } = await ask(await startFor(STORY), STORY, 'endedBy ending { party }');
    expect(ending).toEqual({ party: endedBy });
  });

  it('is refused in a time zone that does not exist', async () => {
    const { body } = await (
      await startFor(STORY)
    ).query(documentFor(STORY, 'narrative(timeZone: "Mars") { headline }'));
    expect(body.errors).toMatchObject([
      { path: ['call', 'narrative'], extensions: { code: 'BAD_USER_INPUT', argument: 'timeZone', retryable: false } },
    ]);
  });
});

async function answeredByFastPath({ adminUrl }: TestGateway): Promise<number> {
  const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(/^calltrace_fast_path_requests_total\{outcome="answered"\} (\d+)$/m.exec(metrics)?.[1]);
}

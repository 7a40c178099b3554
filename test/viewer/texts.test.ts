import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, isEnumType } from 'graphql';
import type { Catalogue } from '../../viewer/texts/catalogue.js';
import { EN } from '../../viewer/texts/en.js';
import { createSay } from '../../viewer/texts/say.js';
import { ZH } from '../../viewer/texts/zh.js';

const english: Catalogue = EN;
const KEYS = Object.keys(EN) as (keyof Catalogue)[];
const text = (catalogue: Catalogue, key: keyof Catalogue): string => [catalogue[key]].flat().join(' ');
const fillings = (of: string): string[] => [...new Set(of.match(/\{\w+\}/g) ?? [])].sort();

describe('the texts of the page', () => {
  it('are the same in both languages, with the same to fill in', () => {
    expect(Object.keys(ZH)).toEqual(KEYS);
    for (const key of KEYS) expect([key, fillings(text(ZH, key))]).toEqual([key, fillings(text(english, key))]);
  });

  it('are Chinese in Chinese', () => {
    const latin = KEYS.filter((key) => !/\p{Script=Han}/u.test(text(ZH, key)));
    expect(latin).toEqual(['identity', 'device.MELCAS', 'copy.MARKDOWN', 'copy.MERMAID', 'copy.CSV', 'start.vdn']);
  });

  /** Enums of the graph that the page shows, by the begin of their texts. */
  it.each([
    ['CallVerdict', 'verdict'],
    ['CallCustomerState', 'state'],
    ['CallParty', 'party'],
    ['CallParticipantRole', 'role'],
    ['CallLinkKind', 'link'],
    ['CallTransferKind', 'transfer'],
    ['CallHoldEnd', 'holdEnd'],
    ['CallFindingSeverity', 'severity'],
    ['CallDeviceType', 'device'],
    ['CallCodeConfidence', 'confidence'],
    ['CallTextForm', 'copied'],
  ])('have one for each value of %s', (name, prefix) => {
    const files = ['call', 'understanding', 'dictionary', 'errors', 'codes', 'direct'];
    const sdl = files.map((file) => readFileSync(`schema/${file}.graphql`, 'utf8')).join('\n');
    const type = buildSchema(
      `directive @link(url: String, import: [String]) repeatable on SCHEMA
      directive @key(fields: String!) repeatable on OBJECT
      directive @tag(name: String!) repeatable on FIELD_DEFINITION
      ${sdl}`,
      { assumeValid: true, assumeValidSDL: true },
    ).getType(name);
    const values = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
    expect(values.length).toBeGreaterThan(1);
    expect(values.filter((value) => !(`${prefix}.${value}` in EN))).toEqual([]);
  });
});

describe('createSay', () => {
  const say = createSay(english, 'en');

  it('fills in, and chooses the form for the count', () => {
    expect(say('notFound.text', { callId: '1-1', vdn: 7 })).toContain('no call 1-1 of VDN 7');
    expect([say('legCount', { count: 1 }), say('legCount', { count: 2 })]).toEqual(['1 leg', '2 legs']);
  });

  it('says the value itself of one that the graph learned later', () => {
    expect(say('verdict.TELEPORTED')).toBe('TELEPORTED');
  });
});

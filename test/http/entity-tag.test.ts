import { describe, expect, it } from '@jest/globals';
import { entityTagOf, matchesEntityTag } from '../../src/http/entity-tag.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const TAG = entityTagOf(JSON_TYPE, ['{"data":', Buffer.from('{}}')]);

describe('entityTagOf', () => {
  it('is a strong validator, however the body is cut into pieces', () => {
    expect(TAG).toMatch(/^"[\w-]{22}"$/);
    expect(entityTagOf(JSON_TYPE, ['{"data":{}}'])).toBe(TAG);
  });

  it.each([
    ['a byte of the body', JSON_TYPE, '{"data":{} }'],
    ['the type', 'application/graphql-response+json; charset=utf-8', '{"data":{}}'],
  ])('differs with %s', (_, contentType, body) => {
    expect(entityTagOf(contentType, [body])).not.toBe(TAG);
  });
});

describe('matchesEntityTag', () => {
  it.each([
    ['the tag', TAG],
    ['the tag as a weak one', `W/${TAG}`],
    ['the tag among others', `"a,b", W/"c" ,${TAG}`],
    ['any', '*'],
  ])('is true of %s', (_, header) => {
    expect(matchesEntityTag(header, TAG)).toBe(true);
  });

  it.each([
    ['no header', undefined],
    ['an empty one', ''],
    ['another tag', '"other"'],
    ['the tag within another', `"x${TAG.slice(1)}`],
    ['the tag without its quotes', TAG.slice(1, -1)],
    ['any among others', '"other", *'],
  ])('is false of %s', (_, header) => {
    expect(matchesEntityTag(header, TAG)).toBe(false);
  });
});

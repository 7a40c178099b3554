import { describe, expect, it } from '@jest/globals';
import { judged, STORIES, told, understandingOf } from './support.js';

describe('understand', () => {
  it.each(STORIES.map((story) => [story.name, story] as const))('tells the story %s', (_, story) => {
    const call = understandingOf(story);
    expect(told(call, story.expect)).toEqual(judged(story.expect));
    expect(call.findings.map(({ code }) => code)).toHaveLength(story.expect.findings.length);
  });
});

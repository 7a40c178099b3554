import assert from 'node:assert/strict';
import { PROPERTIES } from './properties.js';
import { SITUATION_CHECKS } from './situations.js';
import { judged, STORIES, told, understandingOf } from './support.js';
import { TABLES } from './tables.js';

/** Runs of each property, once the stories, the tables and the situations have noticed nothing. */
const RUNS = 60;

/** Returns the name of the first check that fails, or null if all hold. */
export function firstFailure(): string | null {
  const stories = STORIES.map((story) => [story.name, () => checkStory(story)] as const);
  const properties = Object.entries(PROPERTIES).map(([name, check]) => [name, () => check(RUNS)] as const);
  const checks = [...stories, ...Object.entries(TABLES), ...Object.entries(SITUATION_CHECKS), ...properties];
  return checks.find(([, check]) => fails(check))?.[0] ?? null;
}

function checkStory(story: (typeof STORIES)[number]): void {
  const call = understandingOf(story);
  assert.deepEqual(told(call, story.expect), judged(story.expect));
  assert.equal(call.findings.length, story.expect.findings.length);
}

function fails(check: () => void): boolean {
  try {
    check();
    return false;
  } catch {
    return true;
  }
}

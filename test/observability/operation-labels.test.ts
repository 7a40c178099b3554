import { describe, expect, it } from '@jest/globals';
import { createOperationLabels } from '../../src/observability/operation-labels.js';

describe('createOperationLabels', () => {
  it('calls an operation by its name, and one without a name anonymous', () => {
    const labelOf = createOperationLabels(10);
    expect(['CallOfToday', null, '_v2', 'CallOfToday'].map(labelOf)).toEqual([
      'CallOfToday',
      'anonymous',
      '_v2',
      'CallOfToday',
    ]);
  });

  it('knows so many names and no more, and goes on knowing those', () => {
    const labelOf = createOperationLabels(2);
    expect(['A', 'B', 'C', 'A', 'D', 'B', null].map(labelOf)).toEqual([
      'A',
      'B',
      'other',
      'A',
      'other',
      'B',
      'anonymous',
    ]);
  });

  it.each(['Today__calls__0', 'Today__call_centre_2__12', 'Today'])(
    'calls an operation by the name its client gave it, though a router made it %s',
    (name) => {
      expect(['Today', name, 'Two'].map(createOperationLabels(1))).toEqual(['Today', 'Today', 'other']);
    },
  );

  it('knows none if it may not', () => {
    expect(['A', null].map(createOperationLabels(0))).toEqual(['other', 'anonymous']);
  });

  it.each([
    ['a phone number', 'CallsOf5550100001'],
    ['four digits', 'Agent_2001_calls'],
    ['more than 64 characters', 'x'.repeat(65)],
  ])('repeats no name that holds %s, and gives it no place', (_, name) => {
    const labelOf = createOperationLabels(1);
    expect([name, 'Short123', 'x'.repeat(64)].map(labelOf)).toEqual(['other', 'Short123', 'other']);
  });

  it('takes 64 characters', () => {
    expect(createOperationLabels(1)('x'.repeat(64))).toBe('x'.repeat(64));
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../src/call/errors.js';
import { SigningProxyError } from '../../src/upstream/authorize.js';
import { createTroubleWatch, type Trouble } from '../../src/upstream/trouble.js';

const FIREWALL = new UpstreamAuthError('FIREWALL', 'x', { status: 418 });
const MALFORMED = new UpstreamMalformedError('x');

/** A watch, and what it was told of. */
function createWatch() {
  const changes: [Trouble | null, unknown][] = [];
  const watch = createTroubleWatch((...change) => changes.push(change));
  return {
    changes,
    note: (failure: unknown, times = 1) => {
      for (let n = 0; n < times; n += 1) watch.note(failure);
    },
  };
}

describe('createTroubleWatch', () => {
  it.each<[Trouble, Error]>([
    ['FIREWALL', FIREWALL],
    ['BUSY', new UpstreamUnavailableError('x', { status: 429 })],
    ['REJECTED', new UpstreamRejectedError('x', { resultCode: '0101003', retryable: false })],
    ['MALFORMED', MALFORMED],
    ['UNSIGNED', new SigningProxyError('x')],
  ])('tells of %s once after five in a row, and once when five were well', (trouble, failure) => {
    const { changes, note } = createWatch();
    note(failure, 4);
    expect(changes).toEqual([]);
    note(failure, 20);
    expect(changes).toEqual([[trouble, failure]]);
    note(null, 4);
    expect(changes).toHaveLength(1);
    note(null, 20);
    expect(changes).toEqual([
      [trouble, failure],
      [null, null],
    ]);
  });

  it.each([
    ['an address that fails', new UpstreamUnavailableError('x', { status: 503 })],
    ['no answer in time', new UpstreamTimeoutError('x')],
    ['a refused signature', new UpstreamAuthError('SIGNATURE', 'x')],
    ['a client that leaves', new DOMException('gone', 'AbortError')],
    ['a bug of ours', new TypeError('x')],
  ])('leaves %s to others: it neither begins a spell nor ends one', (_, failure) => {
    const { changes, note } = createWatch();
    note(failure, 20);
    expect(changes).toEqual([]);
    note(FIREWALL, 3);
    note(failure);
    note(FIREWALL, 2);
    note(failure, 20);
    expect(changes).toEqual([['FIREWALL', FIREWALL]]);
  });

  it('begins to count anew after each good answer', () => {
    const { changes, note } = createWatch();
    for (let round = 0; round < 10; round += 1) {
      note(MALFORMED, 4);
      note(null);
    }
    expect(changes).toEqual([]);
  });

  it('does not take one good answer among many failures for the end', () => {
    const { changes, note } = createWatch();
    for (let round = 0; round < 10; round += 1) {
      note(FIREWALL, 9);
      note(null);
    }
    expect(changes).toEqual([['FIREWALL', FIREWALL]]);
  });

  it('tells when one trouble gives way to another', () => {
    const { changes, note } = createWatch();
    note(FIREWALL, 5);
    note(MALFORMED, 5);
    note(null, 5);
    expect(changes.map(([trouble]) => trouble)).toEqual(['FIREWALL', 'MALFORMED', null]);
  });
});

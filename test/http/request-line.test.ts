import { describe, expect, it } from '@jest/globals';
import { shownAddress } from '../../src/http/request-line.js';

describe('shownAddress', () => {
  it.each([
    ['192.0.2.77', '192.0.2.0/24', '192.0.2.77'],
    ['::ffff:192.0.2.77', '192.0.2.0/24', '192.0.2.77'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48', '2001:db8:1:2:3:4:5:6'],
    ['2001:db8::1', '2001:db8::/48', '2001:db8::1'],
    ['::1', '::/48', '::1'],
  ])('trims %s to its network, or shows it whole, or not at all', (address, network, full) => {
    expect(shownAddress(address, 'network')).toBe(network);
    expect(shownAddress(address, 'full')).toBe(full);
    expect(shownAddress(address, 'none')).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseRedisUrl, type RedisAddress } from '../../../src/cache/redis/address.js';

const SINGLE: RedisAddress = {
  form: 'single',
  tls: false,
  nodes: [{ host: 'cache', port: 6379 }],
  username: undefined,
  password: undefined,
  master: '',
  db: 0,
};
const TWO = [
  { host: 'a', port: 7000 },
  { host: 'b', port: 7001 },
];

describe('parseRedisUrl', () => {
  const FORMS: readonly (readonly [url: string, change: Partial<RedisAddress>])[] = [
    ['redis://cache', {}],
    ['redis://cache/', {}],
    ['redis://cache:6380', { nodes: [{ host: 'cache', port: 6380 }] }],
    ['redis://cache/15', { db: 15 }],
    ['rediss://cache:6379/2', { tls: true, db: 2 }],
    ['redis://10.0.0.7:6379', { nodes: [{ host: '10.0.0.7', port: 6379 }] }],
    ['redis://[::1]:6380/1', { nodes: [{ host: '::1', port: 6380 }], db: 1 }],
    ['redis://[2001:db8::7]', { nodes: [{ host: '2001:db8::7', port: 6379 }] }],
    ['redis://cache-1.prod_eu.example.com', { nodes: [{ host: 'cache-1.prod_eu.example.com', port: 6379 }] }],
    ['redis://gateway:secret@cache', { username: 'gateway', password: 'secret' }],
    ['redis://:secret@cache', { password: 'secret' }],
    ['redis://gateway@cache', { username: 'gateway' }],
    ['redis://g%40w:s%2Fe%3Ac:ret@cache', { username: 'g@w', password: 's/e:c:ret' }],
    ['redis+cluster://a:7000,b:7001', { form: 'cluster', nodes: TWO }],
    ['rediss+cluster://u:p@a:7000,b:7001', { form: 'cluster', tls: true, nodes: TWO, username: 'u', password: 'p' }],
    ['redis+cluster://a', { form: 'cluster', nodes: [{ host: 'a', port: 6379 }] }],
    ['redis+sentinel://a:7000,b:7001/traces', { form: 'sentinel', nodes: TWO, master: 'traces' }],
    ['redis+sentinel://a/traces/3', { form: 'sentinel', nodes: [{ host: 'a', port: 26379 }], master: 'traces', db: 3 }],
    [
      'rediss+sentinel://u:p@[::1]:26380/traces',
      {
        form: 'sentinel',
        tls: true,
        nodes: [{ host: '::1', port: 26380 }],
        username: 'u',
        password: 'p',
        master: 'traces',
      },
    ],
  ];
  it.each(FORMS)('takes %s apart', (url, change) => {
    expect(parseRedisUrl(url)).toEqual({ ...SINGLE, ...change });
  });

  it.each([
    ['', 'nothing'],
    ['cache:6379', 'no scheme'],
    ['http://cache:6379', 'another scheme'],
    ['redis+ring://cache', 'no form of ours'],
    ['redis:cache', 'no slashes'],
    ['redis://', 'no host'],
    ['redis://user:password@', 'no host behind the user'],
    ['redis://:6379', 'a port alone'],
    ['redis://cache:', 'a colon without a port'],
    ['redis://cache:port', 'no number for a port'],
    ['redis://cache:65536', 'a port too high'],
    ['redis://cache:0', 'a port too low'],
    ['redis://ca che', 'a space'],
    ['redis://cache?db=1', 'parameters'],
    ['redis://cache#1', 'a fragment'],
    ['redis://::1', 'an IPv6 address without brackets'],
    ['redis://a,b', 'two hosts of a single one'],
    ['redis://cache/one', 'no number for a database'],
    ['redis://cache/-1', 'a database below 0'],
    ['redis://cache/1.5', 'half a database'],
    ['redis://cache/1/2', 'a path too long'],
    ['redis://u:p%zz@cache', 'an escape that is none'],
    ['redis+cluster://a,,b', 'a host left out'],
    ['redis+cluster://a:7000,b:7001/1', 'a database of a cluster, which has but one'],
    ['redis+sentinel://a:7000,b:7001', 'no master'],
    ['redis+sentinel://a:7000,b:7001/', 'an empty master'],
    ['redis+sentinel://a/traces/x', 'no number for a database behind sentinels'],
    ['redis+sentinel://a/traces/1/2', 'a path too long behind sentinels'],
  ])('refuses %j: %s', (url) => {
    expect(parseRedisUrl(url)).toBeNull();
  });
});

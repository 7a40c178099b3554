import { describe, expect, it } from '@jest/globals';
import { exportable, type SpanAttributes } from '../../src/tracing/attributes.js';

describe('the attributes of a span', () => {
  it('pass if they have the form of their name', () => {
    const attributes: SpanAttributes = {
      'http.response.status_code': 200,
      'error.type': 'http_5xx',
      'calltrace.request_id': '0b8a8e4c-2f0e-4c8a-9a55-1f7f7e1a2b3c',
      'graphql.operation.name': 'Top10',
      'calltrace.error.codes': ['UPSTREAM_TIMEOUT'],
      'calltrace.refresh': false,
      'server.address': 'redis.example',
      'calltrace.result_code': '0100001',
    };
    expect(exportable(attributes)).toEqual(attributes);
  });

  it.each<SpanAttributes>([
    { 'calltrace.request_id': '+8613800138000' },
    { 'calltrace.request_id': '1749974400-11' },
    { 'graphql.operation.name': 'callOf_138_0013' },
    { 'graphql.operation.name': 'x'.repeat(65) },
    { 'error.type': 'the call 1749974400-11 failed' },
    { 'error.type': '13800138000' },
    { 'calltrace.error.codes': ['UPSTREAM_TIMEOUT', '13800138000'] },
    { 'calltrace.batch.size': 13_800_138_000 },
    { 'calltrace.cost': -1 },
    { 'calltrace.cost': 0.5 },
    { 'http.route': '/graphql?query={call(callId:"1749974400-11")}' },
    { 'url.template': '/rest/1749974400-11' },
    { 'calltrace.result_code': '13800138000' },
    { 'db.operation.name': 'GET calltrace:v2:1:170:2025-06:1749974400-11' },
  ])('are not exported in another form: %j', (attributes) => {
    expect(exportable(attributes)).toEqual({});
  });

  it('are not exported under another name', () => {
    const foreign: object = { 'client.address': '10.0.0.1', 'graphql.document': '{ call }', __proto__: null };
    expect(exportable(foreign)).toEqual({});
  });
});

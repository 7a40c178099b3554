import { pipeline } from 'node:stream/promises';
import type { Exchange } from '../exchange.js';
import type { Fault } from './fault.js';

const JSON_TYPE = 'application/json;charset=UTF-8';
const HUGE_BODY_BYTES = 50 * 1024 * 1024;
const PADDING = ' '.repeat(64 * 1024);

/** Faults that know nothing of the call, and so come before the signature is looked at. */
export const BLIND_FAULTS = {
  'hang-before-headers': () => {},
  reset: ({ exchange }) => exchange.cut(),
} satisfies Record<string, Fault>;

/** Faults in the way the right answer is delivered. */
export const DELIVERY_FAULTS = {
  slow: async ({ exchange, behaviour, rightBody }) => {
    await exchange.wait(behaviour.slowMs);
    exchange.send(200, JSON_TYPE, rightBody);
  },
  'hang-mid-body': ({ exchange, rightBody }) => {
    exchange.response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(rightBody) });
    exchange.response.write(firstHalf(rightBody));
  },
  'truncated-json': ({ exchange, rightBody }) => exchange.send(200, JSON_TYPE, firstHalf(rightBody)),
  'huge-body': ({ exchange, rightBody }) => streamPadded(exchange, rightBody),
  'empty-body': ({ exchange }) => exchange.send(200, JSON_TYPE, ''),
  'html-200': ({ exchange }) => exchange.send(200, 'text/html', '<html><body><h1>Welcome</h1></body></html>'),
} satisfies Record<string, Fault>;

function firstHalf(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}

/** The right answer, followed by so much white space that it is 50 MiB of valid JSON. */
async function streamPadded({ response, onAnswered }: Exchange, rightBody: string): Promise<void> {
  function* chunks() {
    yield rightBody;
    for (let sent = 0; sent < HUGE_BODY_BYTES; sent += PADDING.length) yield PADDING;
  }
  response.writeHead(200, { 'content-type': JSON_TYPE });
  await pipeline(chunks, response);
  onAnswered(200);
}

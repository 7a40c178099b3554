/**
 * node:http and Redis, nothing else: one GET of ready bytes, or one MGET of as many as the request names. The bytes of
 * a call are put into Redis at the start.
 */
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Redis } from 'ioredis';

/** A list of {vdn, callId, call}: call is a text. */
const CALLS = JSON.parse(readFileSync(process.env.CALLS_FILE, 'utf8'));
const redis = new Redis(process.env.REDIS_URL, { enableAutoPipelining: true });
await Promise.all(CALLS.map(({ vdn, callId, call }) => redis.set(textOf({ vdn, callId }), call)));

const ONE = [Buffer.from('{"data":{"call":'), Buffer.from('}}')];
const MANY = [Buffer.from('{"data":{"calls":['), Buffer.from(']}}')];
const COMMA = Buffer.from(',');

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { variables } = JSON.parse((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString());
    answerTo(variables).then(
      (answer) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

async function answerTo({ keys, ...key }) {
  if (keys === undefined) return Buffer.concat([ONE[0], await redis.getBuffer(textOf(key)), ONE[1]]);
  const calls = await redis.mgetBuffer(keys.map(textOf));
  return Buffer.concat([MANY[0], ...calls.flatMap((call, index) => (index === 0 ? [call] : [COMMA, call])), MANY[1]]);
}

function textOf({ vdn, callId }) {
  return `plain:${vdn}:${callId}`;
}

/**
 * The limit: node:http and nothing else. Every answer lies ready as bytes, found by the text of the whole request. With
 * `END_OF_TURN=true` the answers of one turn of the event loop leave together at its end, as ours do.
 */
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setImmediate } from 'node:timers';

/** A list of {body, answer}: both texts. */
const ANSWERS = JSON.parse(readFileSync(process.env.ANSWERS_FILE, 'utf8'));
const answers = new Map(ANSWERS.map(({ body, answer }) => [body, Buffer.from(answer)]));

let due = [];
const sendAll = () => {
  const sends = due;
  due = [];
  for (const send of sends) send();
};
const atOnce = (send) => send();
const atEndOfTurn = (send) => {
  if (due.push(send) === 1) setImmediate(sendAll);
};
const schedule = process.env.END_OF_TURN === 'true' ? atEndOfTurn : atOnce;

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer = answers.get((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString());
    if (answer === undefined) return response.writeHead(404).end();
    schedule(() =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer),
    );
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

/** The limit: node:http and nothing else. Every answer lies ready as bytes, found by the text of the whole request. */
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** A list of {body, answer}: both texts. */
const ANSWERS = JSON.parse(readFileSync(process.env.ANSWERS_FILE, 'utf8'));
const answers = new Map(ANSWERS.map(({ body, answer }) => [body, Buffer.from(answer)]));

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer = answers.get((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString());
    if (answer === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

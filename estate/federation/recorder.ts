import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request of a router to a subgraph. */
export interface RecordedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The answer's status and body, once they are there. */
  status: number;
  answer: string;
}

/** Stands between the routers and a subgraph, and keeps what passes. */
export interface Recorder {
  /** Where it listens. */
  readonly url: string;
  /** What has passed since the last `clear`. */
  readonly requests: readonly RecordedRequest[];
  clear(): void;
  close(): Promise<void>;
}

/** Headers that belong to one connection, or that `fetch` sets anew. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding', 'accept-encoding'],
]);

/** Starts a recorder in front of the subgraph that listens at `target`. */
export async function startRecorder(target: string): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      const { query, variables = {} } = JSON.parse(text) as Pick<RecordedRequest, 'query'> & Partial<RecordedRequest>;
      const record: RecordedRequest = { headers: request.headers, query, variables, status: 0, answer: '' };
      requests.push(record);
      const sent = await fetch(target, { method: 'POST', headers: forwarded(request.headers), body: text });
      record.status = sent.status;
      record.answer = await sent.text();
      response.writeHead(sent.status, forwarded(Object.fromEntries(sent.headers)));
      response.end(record.answer);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    clear: () => void requests.splice(0),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || OWN_HEADERS.has(name) ? [] : [[name, String(value)]],
    ),
  );
}

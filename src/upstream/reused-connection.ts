import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Tells a connection that was kept alive and turned out to be closed from a contact centre that cuts what it is asked. */
export interface ReusedConnections {
  /** Whether a request failed with this error on a connection that had carried others, before any reply to it began. */
  wasClosed(error: unknown): boolean;
  close(): void;
}

/** What undici tells of on its channels. Source: undici, "Diagnostics Channel Support". */
type Told = (message: unknown) => void;
const CLOSED = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/;

/** Returns a watch over all connections of undici, which does not say in its errors how a request was sent. */
export function watchReusedConnections(): ReusedConnections {
  const used = new WeakSet<object>();
  const unanswered = new WeakSet<object>();
  const failures = new WeakSet<object>();
  const channels: Readonly<Record<string, Told>> = {
    'undici:client:sendHeaders': (message) => {
      const { request, socket } = message as { request: object; socket: object };
      if (used.has(socket)) unanswered.add(request);
      used.add(socket);
    },
    'undici:request:headers': (message) => void unanswered.delete((message as { request: object }).request),
    'undici:request:error': (message) => {
      const { request, error } = message as { request: object; error: Error & { code?: string } };
      if (unanswered.has(request) && CLOSED.test(error.code ?? '')) failures.add(error);
    },
  };
  for (const [name, told] of Object.entries(channels)) subscribe(name, told);
  return {
    wasClosed: (error) => typeof error === 'object' && error !== null && failures.has(error),
    close() {
      for (const [name, told] of Object.entries(channels)) unsubscribe(name, told);
    },
  };
}

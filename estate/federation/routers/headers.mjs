/** The headers that a router passes on to every subgraph: see docs/behind-a-router.md. */
export const PASSED_ON = [
  ...['authorization', 'x-api-key', 'x-request-id', 'x-deadline-ms', 'traceparent', 'tracestate'],
  'x-forwarded-for', // as the proxy in front of the router writes it
];

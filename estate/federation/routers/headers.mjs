/** The headers that a router passes on to every subgraph: see docs/behind-a-router.md. */
export const PASSED_ON = ['authorization', 'x-api-key', 'x-request-id', 'x-deadline-ms', 'traceparent', 'tracestate'];

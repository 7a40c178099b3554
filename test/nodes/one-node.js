/**
 * Tests that run on one version of Node.js alone, as patterns of paths: their outcome does not depend on it, for they test
 * a page in a browser, rules in Prometheus, programs of the repository, or other clients; or they draw many cases of what
 * other tests try on each version. `npm run nodes -- smoke` runs the command line on each.
 */
export const ONE_NODE = [
  // In a browser.
  'test/viewer/',
  'test/http/ide',
  // In promtool and Prometheus.
  'test/observability/alerts',
  'test/observability/prometheus',
  'test/observability/dashboard',
  // Programs of the repository.
  'test/bench/',
  'test/lint/',
  'test/schema/',
  'test/supply/',
  // The command line, and clients of others.
  'test/cli/',
  'test/clients/',
  // Many cases, or a long time.
  '\\.property\\.test',
  'test/fuzz/',
  'test/model/',
  'test/soak',
  'test/memory-bound',
];

/**
 * `npm test`: makes sure that there are a Redis server, a browser, promtool and Prometheus to test with, then runs jest.
 * Arguments go on to jest: `npm test -- test/call`.
 */
import { spawnSync } from 'node:child_process';
import { findBrowser, install, onPath } from './programs.js';

const redisServer =
  process.env.TEST_REDIS_SERVER ??
  onPath(['redis-server', 'valkey-server']) ??
  install('redis-server', ['redis-server'], 'the tests');
if (!redisServer) {
  stop(`The tests start, stop and join Redis servers of their own, and there is no program for that. Give them one in one of these ways:
  - install one, so that redis-server or valkey-server is on the PATH (Debian: apt-get install redis-server; macOS: brew install redis);
  - set TEST_REDIS_SERVER to the path of one;
  - on Debian, run them as root or with passwordless sudo: they then install redis-server themselves.`);
}

const browser = findBrowser('the tests');
if (!browser) {
  stop(`The tests need a browser for the IDE's page, and there is none. Give them one in one of these ways:
  - install Chromium or Chrome, so that it is on the PATH (Debian: apt-get install chromium);
  - set TEST_BROWSER to the path of one;
  - on Debian, run them as root or with passwordless sudo: they then install chromium themselves.`);
}

const promtool = process.env.TEST_PROMTOOL ?? onPath(['promtool']) ?? install('prometheus', ['promtool'], 'the tests');
if (!promtool) {
  stop(`The tests have promtool check the metrics, and there is none. Give them one in one of these ways:
  - install Prometheus, so that promtool is on the PATH (Debian: apt-get install prometheus; macOS: brew install prometheus);
  - set TEST_PROMTOOL to the path of one;
  - on Debian, run them as root or with passwordless sudo: they then install prometheus themselves.`);
}

const prometheus =
  process.env.TEST_PROMETHEUS ?? onPath(['prometheus']) ?? install('prometheus', ['prometheus'], 'the tests');
if (!prometheus) {
  stop(`The tests have a Prometheus scrape gateways and evaluate the alerts, and there is none. Give them one in one of these ways:
  - install Prometheus, so that it is on the PATH (Debian: apt-get install prometheus; macOS: brew install prometheus);
  - set TEST_PROMETHEUS to the path of one;
  - on Debian, run them as root or with passwordless sudo: they then install prometheus themselves.`);
}

const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--expose-gc',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      TEST_REDIS_SERVER: redisServer,
      TEST_BROWSER: browser,
      TEST_PROMTOOL: promtool,
      TEST_PROMETHEUS: prometheus,
    },
  },
);
process.exitCode = jest.status ?? 1;

function stop(message) {
  console.error(message);
  process.exit(1);
}

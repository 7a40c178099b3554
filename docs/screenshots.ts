/**
 * `npm run screenshots`: makes docs/images/viewer.png from the demo, in the browser of the tests. The page is the same at each
 * run but for when the simulated contact centre was asked.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { launchBrowser } from '../test/support/browser.js';

const WIDTH = 1180;
const HEIGHT = 746;

const demo = spawn(process.execPath, ['--import', 'tsx', 'src/demo.ts'], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await transferredCall();
  const browser = await launchBrowser();
  const page = await browser.newPage({
    viewport: { width: WIDTH, height: HEIGHT },
    deviceScaleFactor: 1.5,
    locale: 'en-US',
    timezoneId: 'Asia/Shanghai',
    colorScheme: 'light',
  });
  await page.goto(url);
  await page.getByRole('row', { name: /^3 / }).getByText('Call put on hold').waitFor();
  mkdirSync('docs/images', { recursive: true });
  await page.screenshot({ path: 'docs/images/viewer.png' });
  await browser.close();
} finally {
  demo.kill();
}

/** The address of the page that the demo prints for the transferred call. */
async function transferredCall(): Promise<string> {
  for await (const line of createInterface({ input: demo.stdout })) {
    const [url] = /http:\S+\/calls\/170\/[\w-]+/.exec(line) ?? [];
    if (url !== undefined) {
      demo.stdout.resume();
      return url;
    }
  }
  throw new Error('the demo did not start');
}

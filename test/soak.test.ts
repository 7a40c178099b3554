import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { SoakSummary } from './support/soak.js';

/** The long form is `npm run soak`. */
const SECONDS = 30;
const SEED = 20_260_615;

/** Runs the soak in a process of its own, so that its memory and its rejections are its own. */
async function runSoak(): Promise<{ summary: SoakSummary; printed: string; code: number | null }> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', 'bench/soak.ts', String(SECONDS), String(SEED)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await once(child, 'close');
  const last = printed.trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`the soak ended without a summary:\n${printed}`);
  return { summary: JSON.parse(last) as SoakSummary, printed, code: child.exitCode };
}

describe('two gateways around which everything fails by turns', () => {
  it('answer every item right, or stale and marked, or with a coded error', async () => {
    const { summary, printed, code } = await runSoak();
    console.info(printed.split('\n').slice(0, -2).join('\n'));

    expect(summary).toMatchObject({ wrong: 0, unmarked: 0, examples: [], uncoded: 0, broken: 0 });
    expect(summary).toMatchObject({ unhandled: 0, unhandledExamples: [], tooRare: [] });
    const failed = Object.values(summary.errors).reduce((total, count) => total + count, 0);
    expect(summary.right + summary.partial + summary.told + failed).toBe(summary.items);

    // It was a soak: much was asked, much went wrong, and caches stood in.
    expect(summary.items).toBeGreaterThan(500);
    expect(failed).toBeGreaterThan(50);
    expect(summary.stale).toBeGreaterThan(10);
    expect(summary.final).toBeGreaterThan(10);
    expect(summary.live).toBeGreaterThan(10);

    expect(summary.peakInFlight).toBeLessThanOrEqual(summary.concurrencyLimit);
    // What was given up is cut, but the contact centre may hear of the next request first.
    expect(summary.peakAtContactCentre).toBeLessThanOrEqual(2 * 2 * summary.concurrencyLimit);
    expect(summary.slowestMs).toBeLessThan(8_000);
    expect(summary.heapLateMib - summary.heapEarlyMib).toBeLessThan(20);
    expect(summary.rssLateMib - summary.rssEarlyMib).toBeLessThan(60);
    expect(code).toBe(0);
  }, 240_000);
});

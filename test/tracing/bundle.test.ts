import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { buildInstallation, type Installation } from '../faults/support/installation.js';
import { postOperation, printed } from '../support/client.js';
import { environmentFor, newCallId } from '../support/gateway.js';
import { logLinesOf, startProgram, type Program } from '../support/program.js';
import { newTraceparent, startCollector, treeOf, type Collector } from './support/collector.js';

const DOCUMENT = 'query ($callId: ID!) { call(vdn: 170, callId: $callId) { complete } }';
const TREE = ['POST /graphql', ['query', ['load calls', ['POST /rest/cmsapp/v1/openapi/vdn/querycalltracedetail']]]];

describe('the build', () => {
  let simulator: Simulator;
  let collector: Collector;
  let installation: Installation;
  const programs: Program[] = [];
  beforeAll(async () => {
    [simulator, collector, installation] = await Promise.all([startSimulator(), startCollector(), buildInstallation()]);
  }, 120_000);
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.kill();
      await program.ended;
    }
  });
  afterAll(() => Promise.all([simulator.close(), collector.close(), installation.remove()]));

  /** Starts it, and waits until it listens. */
  const start = async (env: Readonly<Record<string, string>>, flags: readonly string[] = []) => {
    const args = [...flags, join(installation.folder, 'dist/main.js')];
    const options = { cwd: installation.folder, env: { ...environmentFor(simulator), ...env } };
    const program = startProgram(process.execPath, args, options);
    programs.push(program);
    const url = () => logLinesOf(program).find((line) => line['msg'] === 'the graph is at /graphql')?.['url'];
    await printed(program.process, () => url() !== undefined);
    if (url() === undefined) throw new Error(`it did not start:\n${program.stdout()}${program.stderr()}`);
    return { program, url: String(url()) };
  };
  const ask = async (url: string) => {
    const traceparent = newTraceparent();
    const { body } = await postOperation(`${url}/graphql`, DOCUMENT, { callId: newCallId() }, { traceparent });
    expect(body.data).toEqual({ call: { complete: true } });
    return traceparent;
  };
  const stop = async (program: Program) => {
    program.process.kill('SIGTERM');
    return program.ended;
  };

  it('exports the spans of a request, those that wait for their export when it stops, too', async () => {
    const { program, url } = await start({ ...collector.env, OTEL_BSP_SCHEDULE_DELAY: '600000' });
    const traceparent = await ask(url);
    expect(await stop(program)).toEqual([0, null]);
    expect(treeOf(await collector.traceOf(traceparent), traceparent.split('-')[2] ?? '')).toEqual(TREE);
  });

  it('gives its spans to the provider of an agent in its process, and opens none of its own', async () => {
    const agent = { AGENT_URL: `${collector.env['OTEL_EXPORTER_OTLP_ENDPOINT']}/agent` };
    const { url } = await start(agent, ['--import', resolve('test/tracing/support/agent.mjs')]);
    const before = collector.bodies.length;
    const traceparent = await ask(url);
    expect(treeOf(await collector.traceOf(traceparent), traceparent.split('-')[2] ?? '')).toEqual(TREE);
    const byOthers = collector.bodies.slice(before).filter((body) => !body.includes('named-by-the-agent'));
    expect(byOthers).toEqual([]);
  });

  it('starts and answers without the file of the SDK when tracing is off', async () => {
    const dist = join(installation.folder, 'dist');
    const scripts = readdirSync(dist).filter((name) => name.endsWith('.js'));
    const ofSdk = scripts.filter((name) => readFileSync(join(dist, name), 'utf8').includes('OTLPExportDelegate'));
    expect(ofSdk).toHaveLength(1);
    for (const name of ofSdk) rmSync(join(dist, name));
    const { url } = await start({});
    await ask(url);
  });
});

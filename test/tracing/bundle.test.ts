import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
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
    const limits = { OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3', OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '2' };
    const { program, url } = await start({ ...collector.env, ...limits, OTEL_BSP_SCHEDULE_DELAY: '600000' });
    const traceparent = await ask(url);
    expect(await stop(program)).toEqual([0, null]);
    const spans = await collector.traceOf(traceparent);
    expect(treeOf(spans, traceparent.split('-')[2] ?? '')).toEqual(TREE);
    // The limits of the environment are no settings: attributes are neither cut nor dropped.
    const request = spans.find(({ name }) => name === 'POST /graphql');
    expect(request?.attributes).toMatchObject({ 'http.route': '/graphql', 'calltrace.path': 'standard' });
    expect(linesOfTraces(program)).toEqual([{ level: 30, msg: 'traces are exported by the gateway itself' }]);
  });

  /** Starts it beside an agent, with settings that only the agent understands. */
  const startBesideAgent = (env: Readonly<Record<string, string>> = {}) => {
    const endpoint = collector.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
    const agent = { AGENT_URL: `${endpoint}/agent`, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const unknown = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'parentbased_jaeger_remote' };
    return start({ ...agent, ...unknown, ...env }, ['--import', resolve('test/tracing/support/agent.mjs')]);
  };
  const linesOfTraces = (program: Program) =>
    logLinesOf(program)
      .filter(({ msg }) => String(msg).startsWith('traces are '))
      .map(({ level, msg, apiVersion }) => ({ level, msg, apiVersion }));

  it('gives its spans to the provider of an agent in its process, and opens none of its own', async () => {
    const { url, program } = await startBesideAgent();
    const before = collector.bodies.length;
    const traceparent = await ask(url);
    expect(treeOf(await collector.traceOf(traceparent), traceparent.split('-')[2] ?? '')).toEqual(TREE);
    const byOthers = collector.bodies.slice(before).filter((body) => !body.includes('named-by-the-agent'));
    expect(byOthers).toEqual([]);
    expect(linesOfTraces(program)).toEqual([{ level: 30, msg: 'traces are exported by an agent in this process' }]);
  });

  it('begins no second server span within that of an agent', async () => {
    const { url } = await startBesideAgent({ AGENT_TRACES_HTTP: 'true' });
    const before = collector.spans.length;
    await ask(url);
    const spans = () => collector.spans.slice(before);
    const idOfAgent = () => spans().find(({ name }) => name === 'of the agent')?.spanId;
    const ours = () => spans().find(({ name }) => name === 'POST /graphql');
    await eventually('both are exported', () => idOfAgent() !== undefined && ours() !== undefined);
    expect(ours()).toMatchObject({ kind: 'INTERNAL', parentSpanId: idOfAgent() });
  });

  it('says that an agent with an older API cannot take its spans, and answers', async () => {
    const { url, program } = await startBesideAgent({ AGENT_API_VERSION: '1.8.0' });
    await ask(url);
    const msg =
      'traces are off: an agent in this process uses a version of the OpenTelemetry API that cannot take them';
    expect(linesOfTraces(program)).toEqual([{ level: 40, msg, apiVersion: '1.8.0' }]);
  });

  it('starts and answers without the file of the SDK when tracing is off', async () => {
    const dist = join(installation.folder, 'dist');
    const scripts = readdirSync(dist).filter((name) => name.endsWith('.js'));
    const ofSdk = scripts.filter((name) => readFileSync(join(dist, name), 'utf8').includes('OTLPExportDelegate'));
    expect(ofSdk).toHaveLength(1);
    for (const name of ofSdk) rmSync(join(dist, name));
    const { url, program } = await start({});
    await ask(url);
    expect(linesOfTraces(program)).toEqual([{ level: 30, msg: 'traces are off' }]);
  });
});

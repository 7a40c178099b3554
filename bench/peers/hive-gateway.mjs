/**
 * Hive Gateway as its documentation recommends for Node: its command line, one worker, over a supergraph that Mesh
 * Compose makes of the REST service by the handler for JSON Schema. Its settings are in hive-gateway.config.mjs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { DefaultLogger } from '@graphql-mesh/utils';
import { loadJSONSchemaSubgraph } from '@omnigraph/json-schema';

const { FOLDER, PORT, REST_URL } = process.env;
const TEXTS = [
  ...['mediaType', 'subMediaType', 'deviceType', 'deviceNo', 'deviceIn', 'callType', 'enterReason', 'leaveReason'],
  ...['releaseCause', 'callerNo', 'calleeNo', 'currentSkillId', 'waitBegin', 'ackBegin', 'callBegin', 'callEnd'],
];
const KEY = { vdn: { type: 'integer' }, callId: { type: 'string' } };
const LEG = {
  title: 'CallLeg',
  type: 'object',
  properties: {
    callIdNum: { type: 'integer' },
    position: { type: 'integer' },
    isLast: { type: 'boolean' },
    subCcNo: { type: 'integer' },
    ...Object.fromEntries(TEXTS.map((name) => [name, { type: 'string' }])),
  },
  required: ['callIdNum', 'position', 'isLast'],
};
const CALL = {
  title: 'Call',
  type: 'object',
  properties: {
    ...KEY,
    month: { type: 'string' },
    complete: { type: 'boolean' },
    legs: { type: 'array', items: LEG },
  },
  required: ['callId', 'vdn', 'month', 'complete', 'legs'],
};
const CALL_KEY = { title: 'CallKey', type: 'object', properties: KEY, required: ['vdn', 'callId'] };

const supergraph = await getComposedSchemaFromConfig(
  {
    subgraphs: [
      {
        sourceHandler: loadJSONSchemaSubgraph('calls', {
          endpoint: REST_URL,
          operationHeaders: { 'content-type': 'application/json' },
          operations: [
            {
              type: 'Query',
              field: 'call',
              path: '/call',
              method: 'POST',
              requestSchema: CALL_KEY,
              responseSchema: CALL,
            },
            {
              type: 'Query',
              field: 'calls',
              path: '/calls',
              method: 'POST',
              requestSchema: {
                title: 'CallKeys',
                type: 'object',
                properties: { keys: { type: 'array', items: CALL_KEY } },
                required: ['keys'],
              },
              responseSchema: { title: 'Calls', type: 'array', items: CALL },
            },
          ],
        }),
      },
    ],
  },
  new DefaultLogger(),
);

const schemaFile = join(FOLDER, 'supergraph.graphql');
writeFileSync(schemaFile, supergraph);
const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = pathOf('../node_modules/@graphql-hive/gateway/dist/bin.js');
const config = pathOf('hive-gateway.config.mjs');
process.argv = [process.argv[0], program, 'supergraph', schemaFile, '-c', config, '-p', PORT, '-h', '127.0.0.1'];
await import(program);

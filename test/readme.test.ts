import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SECRETS, SETTINGS } from '../src/config/settings.js';
import { startTestGateway, type TestGateway } from './support/gateway.js';

const README = readFileSync('README.md', 'utf8');
const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(README)?.[1] ?? '';
}

describe('README', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it('shows a query and what the demo answers to it', async () => {
    const { body } = await gateway.query(block('graphql'));
    expect(body).toEqual(JSON.parse(block('json')));
  });

  it('lists every setting, and no other', () => {
    const rows = README.slice(README.indexOf('## Settings'), README.indexOf('## How it works')).split('\n');
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_\d]+)`/g)].map(([, name]) => name),
    );
    // The second key pair stands in the row of the first.
    const listed = [...named, 'CMS_ACCESS_KEY_2', 'CMS_SECRET_KEY_2'].sort();
    expect(listed).toEqual(Object.keys(SETTINGS.shape).sort());
  });

  it('marks the settings that may lie in a file', () => {
    const marked = [...README.matchAll(/`([A-Z_\d]+)` †/g)].map(([, name]) => name);
    expect([...marked, 'CMS_ACCESS_KEY_2', 'CMS_SECRET_KEY_2'].sort()).toEqual([...SECRETS].sort());
  });

  it('names only scripts that there are', () => {
    const named = [...README.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !(name in PACKAGE.scripts))).toEqual([]);
  });
});

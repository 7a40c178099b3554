import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './support/gateway.js';

const README = readFileSync('README.md', 'utf8');
const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
}

describe('README', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it('shows a query and its answer', async () => {
    const [query = ''] = blocks('graphql');
    const [answer = ''] = blocks('json');
    const { body } = await gateway.query(query);
    expect(body).toEqual(JSON.parse(answer));
    // The command below asks the same.
    const fields = (text: string): string =>
      text
        .replace(/[^]*?call\(.*?\) \{/, '')
        .replace(/\s+/g, ' ')
        .trim();
    expect(readFileSync('examples/clients/curl.sh', 'utf8')).toContain(fields(query));
  });

  it('needs one command for the demo and one for all tests, which CI runs too', () => {
    const commands = blocks('sh').map((text) => text.trim());
    expect(commands).toEqual(['npm ci && npm run demo', 'sh examples/clients/curl.sh', 'npm ci && npm test']);
    expect(readFileSync('.ci/run', 'utf8')).toMatch(/^step \S+ npm test /m);
  });
});

describe.each(['README.md', ...readdirSync('docs').flatMap((file) => (file.endsWith('.md') ? [`docs/${file}`] : []))])(
  '%s',
  (page) => {
    const text = readFileSync(page, 'utf8');

    it('names only scripts that there are', () => {
      const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name ?? '');
      expect(named.filter((name) => !(name in PACKAGE.scripts))).toEqual([]);
    });

    it('names only files and folders that there are', () => {
      const ours =
        /`((?:bench|deploy|docs|examples|schema|simulator|supply|test)\/[\w./-]*|src\/[\w./-]*(?:\/|\.ts))`/g;
      const named = [...text.matchAll(ours)].map(([, path]) => path ?? '');
      expect(named.filter((path) => !existsSync(path))).toEqual([]);
    });

    it('links to pages and headings that there are', () => {
      const links = [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? '');
      const ours = links.filter((target) => !/^https?:/.test(target));
      expect(ours.filter((target) => !isThere(page, target))).toEqual([]);
    });
  },
);

/** Whether a link of a page leads to a file, and to a heading in it if it names one. */
function isThere(page: string, target: string): boolean {
  const [file = '', heading] = target.split('#');
  const path = file === '' ? page : join(dirname(page), file);
  if (!existsSync(path)) return false;
  return heading === undefined || headingsOf(readFileSync(path, 'utf8')).includes(heading);
}

/** The names by which headings are linked to: lower case, without punctuation, hyphens for spaces. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

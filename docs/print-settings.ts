/**
 * Writes docs/configuration.md and .env.example, the lists of settings, from src/config/settings/. Run by `npm run codegen`.
 * With --check it writes nothing and exits 1 if a file is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { SECRETS, SETTING_GROUPS } from '../src/config/settings.js';

/** What a setting says of itself. */
interface SettingDocs {
  readonly description: string;
  /** Empty: any text. */
  readonly range: string;
  /** Empty: none. */
  readonly unit: string;
  /** As it is written in the environment; empty: none. */
  readonly byDefault: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
}

const ENV_WIDTH = 120;

const PAGE_HEAD = `# Configuration

<!-- Written by docs/print-settings.ts from src/config/settings/; run \`npm run codegen\` after a change there. -->

The gateway is configured by environment variables. \`npm start\` also reads a file \`.env\`; a variable of the environment comes before its namesake there. [.env.example](../.env.example) lists every setting with its default.

- An empty value counts as not given.
- A setting marked † is a secret. It may be given as a file: \`NAME_FILE\` holds the path, and a line break at the end of the file is not part of the secret. The files of the contact centre's keys and token (\`CMS_ACCESS_KEY\`, \`CMS_SECRET_KEY\`, the second pair, \`CMS_BEARER_TOKEN\`) are read again every ten seconds; other files are read at the start, unless the table says otherwise.
- Nothing listens before the whole configuration is valid. The error names every bad or missing variable, every file that cannot be read, and every variable that begins like a setting and is none, with the setting that was meant. What Kubernetes and Docker set for services (\`REDIS_SERVICE_HOST\`, \`REDIS_PORT=tcp://…\`) is ignored.
- *Required* settings have no default. What a mode requires (\`AUTH_MODE=jwt\`: an issuer, an audience and keys) is required when that mode is chosen.
`;

const ENV_HEAD = `# Every setting of the gateway: copy this file to .env, which \`npm start\` reads, and fill in what has no # before it.
# Written by docs/print-settings.ts from src/config/settings/; run \`npm run codegen\` after a change there.
# A variable of the environment comes before its namesake here. A value with a # in it needs quotes.
# A line with a # shows the default; where nothing stands behind the =, there is none. An empty value counts as not given.
# A secret NAME can be given as a file instead: NAME_FILE holds its path. See docs/configuration.md.
`;

function docsOf(name: string, setting: z.core.$ZodType): SettingDocs {
  let meta: z.core.GlobalMeta = {};
  let byDefault = '';
  let range = '';
  // From the outermost layer (optional, default, transform …) to the one that takes the text.
  for (let layer: z.core.$ZodType | undefined = setting; layer !== undefined;) {
    meta = { ...z.globalRegistry.get(layer), ...meta };
    if (layer instanceof z.ZodDefault) byDefault = String(layer.def.defaultValue);
    if (layer instanceof z.ZodEnum) range = layer.options.map((option) => `\`${option}\``).join(', ');
    layer =
      layer instanceof z.ZodDefault || layer instanceof z.ZodOptional
        ? layer.def.innerType
        : layer instanceof z.ZodPipe
          ? layer.in
          : undefined;
  }
  if (meta.description === undefined) throw new Error(`${name} has no description: see src/config/settings/`);
  return {
    description: meta.description,
    range: typeof meta['range'] === 'string' ? meta['range'] : range,
    unit: typeof meta['unit'] === 'string' ? meta['unit'] : '',
    byDefault,
    isRequired: meta['required'] === true,
    isSecret: SECRETS.some((secret) => secret === name),
  };
}

function configurationPage(): string {
  const groups = SETTING_GROUPS.map(({ title, settings }) => {
    const rows = Object.entries<z.core.$ZodType>(settings).map(([name, setting]) => {
      const { description, range, unit, byDefault, isRequired, isSecret } = docsOf(name, setting);
      const shown = isRequired ? '*required*' : byDefault === '' ? '–' : `\`${byDefault}\``;
      const values = [range, unit].filter((part) => part !== '').join(' ');
      return `| \`${name}\`${isSecret ? ' †' : ''} | ${values} | ${shown} | ${description} |`;
    });
    return `## ${title}\n\n| setting | values, unit | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return [PAGE_HEAD, ...groups].join('\n');
}

function environmentFile(): string {
  const groups = SETTING_GROUPS.map(({ title, settings }) => {
    const entries = Object.entries<z.core.$ZodType>(settings).map(([name, setting]) => {
      const { description, range, unit, byDefault, isRequired, isSecret } = docsOf(name, setting);
      const values = range === '' ? '' : `Values: ${range}${unit === '' ? '' : ` ${unit}`}.`;
      const comment = wrapped(`${description} ${values}`.replaceAll('`', '').trim());
      const file = isSecret ? `#${name}_FILE=\n` : '';
      return `${comment}\n${isRequired ? '' : '#'}${name}=${byDefault}\n${file}`;
    });
    return `# ── ${title} ${'─'.repeat(ENV_WIDTH - title.length - 6)}\n\n${entries.join('')}`;
  });
  return [ENV_HEAD, ...groups].join('\n');
}

/** The text as comment lines. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (longer.length < ENV_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(` ${word}`);
  }
  return lines.map((line) => `#${line}`).join('\n');
}

const root = new URL('..', import.meta.url);
for (const [name, text] of [
  ['docs/configuration.md', configurationPage()],
  ['.env.example', environmentFile()],
] as const) {
  const file = new URL(name, root);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${name} is out of date: run \`npm run codegen\` and commit the result.`);
    process.exitCode = 1;
  }
}

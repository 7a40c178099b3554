import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describedValues } from '../../docs/chart-values.js';
import { SECRETS } from '../../src/config/settings.js';

const CHART = 'deploy/helm/call-trace-gateway';
/** Secrets that the chart offers under a more general name. */
const OFFERED_OTHERWISE = ['OTEL_EXPORTER_OTLP_TRACES_HEADERS'];

/** A schema, as far as values.schema.json uses its words. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as Schema;
const values = describedValues(readFileSync(`${CHART}/values.yaml`, 'utf8'));

/** The paths of the values that a schema allows, and of its groups that would take any other. */
function pathsOf(
  { properties, additionalProperties }: Schema,
  at: string[] = [],
): { leaves: string[]; open: string[] } {
  if (properties === undefined) return { leaves: [at.join('.')], open: [] };
  const below = Object.entries(properties).map(([name, one]) => pathsOf(one, [...at, name]));
  return {
    leaves: below.flatMap(({ leaves }) => leaves),
    open: [...(additionalProperties === false ? [] : [at.join('.')]), ...below.flatMap(({ open }) => open)],
  };
}

describe('the schema of the chart', () => {
  const { leaves, open } = pathsOf(schema);

  it('has the values of values.yaml, and no others but those that Helm sets', () => {
    const described = values.map(({ name }) => name);
    const ofGroups = described.flatMap((name) => leaves.filter((leaf) => leaf === name || leaf.startsWith(`${name}.`)));
    expect(ofGroups.sort()).toEqual(leaves.filter((leaf) => leaf !== 'global').sort());
    expect(described.filter((name) => !leaves.some((leaf) => `${leaf}.`.startsWith(`${name}.`)))).toEqual([]);
  });

  it('takes no other values in any group', () => {
    expect(leaves.length).toBeGreaterThan(50);
    expect(open).toEqual([]);
    expect(schema.definitions?.['peer']?.additionalProperties).toBe(false);
  });
});

describe('the chart', () => {
  it('can be given each secret as a file', () => {
    const template = readFileSync(`${CHART}/templates/_files.tpl`, 'utf8');
    const missing = SECRETS.filter((name) => !template.includes(`"${name}_FILE"`));
    expect(missing.filter((name) => !OFFERED_OTHERWISE.includes(name))).toEqual([]);
  });
});

describe('describedValues', () => {
  it('lists values by their path, with default and description', () => {
    const yaml = "# A remark.\na:\n  # -- Of c.\n  c: 1\n  d:\n    # -- Of e.\n    e: 'x'\n# -- Of f.\nf: []\n";
    expect(describedValues(yaml)).toEqual([
      { name: 'a.c', byDefault: '1', description: 'Of c.' },
      { name: 'a.d.e', byDefault: "'x'", description: 'Of e.' },
      { name: 'f', byDefault: '[]', description: 'Of f.' },
    ]);
  });

  it('refuses a value without a description', () => {
    expect(() => describedValues('a:\n  # -- Of b.\n  b: 1\n  c: 2\n')).toThrow('values.yaml: a.c has no description');
  });
});

/** A value of the chart, as its README lists it. */
export interface DescribedValue {
  /** Its path, with dots. */
  readonly name: string;
  /** As values.yaml writes it. */
  readonly byDefault: string;
  readonly description: string;
}

const LINE = /^(?<indent> *)(?:# -- (?<description>.*)|(?<key>[\w-]+):(?: (?<value>.*))?)$/;

/**
 * Returns the values of a values.yaml that have a comment `# -- …` before them, in its order. It reads what this chart
 * writes: two spaces a level, and the default of a described value in its line, or below it as a map. Throws if a value has no description.
 */
export function describedValues(yaml: string): DescribedValue[] {
  const path: string[] = [];
  const values: DescribedValue[] = [];
  let description: string | undefined;
  let skippedDeeperThan = Infinity;
  for (const line of yaml.split('\n')) {
    const { indent = '', key, value, ...found } = LINE.exec(line)?.groups ?? {};
    if (found['description'] !== undefined) description = found['description'];
    if (key === undefined) continue;
    const depth = indent.length / 2;
    path.splice(depth, Infinity, key);
    const name = path.join('.');
    if (description !== undefined) {
      values.push({ name, byDefault: value ?? 'see values.yaml', description });
      skippedDeeperThan = value === undefined ? depth : Infinity;
    } else if (depth <= skippedDeeperThan) {
      skippedDeeperThan = Infinity;
      if (value !== undefined) throw new Error(`values.yaml: ${name} has no description`);
    }
    description = undefined;
  }
  return values;
}

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
 * Returns the values of a values.yaml, in its order. Reads what this chart writes: two spaces a level, and each value in a line
 * of its own with a comment `# -- …` above it. Throws if one has no such comment.
 */
export function describedValues(yaml: string): DescribedValue[] {
  const path: string[] = [];
  const values: DescribedValue[] = [];
  let description: string | undefined;
  for (const line of yaml.split('\n')) {
    const { indent = '', key, value, description: found } = LINE.exec(line)?.groups ?? {};
    if (key !== undefined) {
      path.splice(indent.length / 2, Infinity, key);
      const name = path.join('.');
      if (value !== undefined && description === undefined) throw new Error(`values.yaml: ${name} has no description`);
      if (value !== undefined && description !== undefined) values.push({ name, byDefault: value, description });
    }
    description = found;
  }
  return values;
}

import type { GraphQLLeafType } from 'graphql';
import type { Viewer } from '../personal.js';

/** What a view is written to. */
export interface Output {
  /** Written since the last age. */
  text: string;
  /** What stands before each age. */
  readonly texts: string[];
  /** The age, where the selection asks for it: it is written into each answer. */
  age: () => string;
  readonly viewer: Viewer;
}

/** Writes a value as JSON. Each holds what it needs and nothing of the document it was compiled from. */
export type Write = (value: unknown, output: Output) => void;

/** Returns the value of a field from its parent object. */
export type ValueOf = (source: unknown, viewer: Viewer) => unknown;

/** Returns a writer of the same text for every value. */
export function constantWriter(text: string): Write {
  return (_, output) => (output.text += text);
}

/** Returns a writer of an object. `head`: what stands before the value of a field: a comma and its name. */
export function objectWriter(fields: readonly { readonly head: string; readonly write: Write }[]): Write {
  return (value, output) => {
    output.text += '{';
    for (const { head, write } of fields) {
      output.text += head;
      write(value, output);
    }
    output.text += '}';
  };
}

/** Returns a writer of a field's value, given the object that bears it. */
export function fieldWriter(valueOf: ValueOf, write: Write): Write {
  return (source, output) => write(valueOf(source, output.viewer), output);
}

/** Returns a writer of the field that changes from answer to answer: it comes between a part and the next. */
export function ageWriter(valueOf: ValueOf): Write {
  return (freshness, output) => {
    const { viewer } = output;
    output.age = () => String(valueOf(freshness, viewer));
    output.texts.push(output.text);
    output.text = '';
  };
}

/** Returns a writer of a value that may be null. */
export function nullableWriter(write: Write): Write {
  return (value, output) => {
    if (value === null || value === undefined) output.text += 'null';
    else write(value, output);
  };
}

/** Returns a writer of a value that is not null. It throws TypeError for null, where the standard path answers an error. */
export function nonNullWriter(write: Write): Write {
  return (value, output) => {
    if (value === null || value === undefined) throw new TypeError('null where there must be a value');
    write(value, output);
  };
}

/** Returns a writer of a scalar or an enum. It throws what the serialisation of the type throws. */
export function leafWriter(type: GraphQLLeafType): Write {
  return (value, output) => (output.text += jsonOf(type.serialize(value)));
}

/** Returns a writer of a list. */
export function listWriter(write: Write): Write {
  return (values, output) => {
    output.text += '[';
    (values as readonly unknown[]).forEach((value, index) => {
      if (index > 0) output.text += ',';
      write(value, output);
    });
    output.text += ']';
  };
}

/** Returns what JSON.stringify returns, faster. */
function jsonOf(leaf: unknown): string {
  return typeof leaf === 'number' || typeof leaf === 'boolean' ? String(leaf) : JSON.stringify(leaf);
}

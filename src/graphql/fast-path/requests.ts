import { Kind, valueFromASTUntyped, type FieldNode, type ValueNode } from 'graphql';
import type { CallRequest } from '../../call/key.js';
import { isInt } from '../int.js';
import type { Variables } from './declarations.js';
import { UnsupportedDocumentError } from './view.js';

/** How a router names a call: by its `id`, or by a key. Of these only the types are checked, and those loosely. */
export interface Reference {
  readonly __typename: 'Call';
  readonly id?: string | undefined;
  readonly ccId?: number | null | undefined;
  readonly vdn?: number | undefined;
  readonly callId?: string | undefined;
  readonly month?: string | null | undefined;
}

/** What names a call: the arguments of a field, an item of `keys`, or one of `representations`. */
export type CallNaming = CallRequest | Reference;

/** Whether a router named the call. */
export function isReference(naming: CallNaming): naming is Reference {
  return '__typename' in naming;
}

type ValueFrom = (variables: Variables) => unknown;

/** Returns what names the calls that a field asks for; null if it is not of the ordinary form, for the standard path to judge. */
export type RequestsOf = (variables: Variables) => readonly CallNaming[] | null;

/** The types of what names a call, by the name of an argument or field, without `!`. */
const TYPES: Readonly<Record<string, string>> = {
  keys: '[CallKeyInput]',
  representations: '[_Any]',
  refresh: 'Boolean',
  __typename: 'String',
  id: 'ID',
  ccId: 'Int',
  vdn: 'Int',
  callId: 'ID',
  month: 'CallMonth',
  logDate: 'DateTime',
};

/**
 * Compiles the arguments of a field at the root. `typesOfVariables`: see `typesOf`. Throws UnsupportedDocumentError for a
 * field that returns no calls, and for a variable whose type is not that of its place: validation lets it stand in `_Any`.
 */
export function compileRequests(
  { name, arguments: given = [] }: FieldNode,
  typesOfVariables: ReadonlyMap<string, string>,
): RequestsOf {
  const values = new Map(
    given.map(({ name, value }) => [name.value, compileValue(value, TYPES[name.value], typesOfVariables)]),
  );
  const absent = (): undefined => undefined;
  const [
    refresh = absent,
    keys = absent,
    ccId = absent,
    vdn = absent,
    callId = absent,
    month = absent,
    logDate = absent,
    representations = absent,
  ] = ['refresh', 'keys', 'ccId', 'vdn', 'callId', 'month', 'logDate', 'representations'].map((argument) =>
    values.get(argument),
  );
  switch (name.value) {
    case 'call':
      return (variables) => {
        const request = {
          ccId: ccId(variables),
          vdn: vdn(variables),
          callId: callId(variables),
          month: month(variables),
          logDate: logDate(variables),
        };
        return isNo(refresh(variables)) && isOrdinary(request) ? [request] : null;
      };
    case 'calls':
      return (variables) => {
        const all = keys(variables);
        return isNo(refresh(variables)) && Array.isArray(all) && all.every(isOrdinary) ? all : null;
      };
    case '_entities':
      return (variables) => {
        const all = representations(variables);
        return Array.isArray(all) && all.every(isOrdinaryReference) ? all : null;
      };
    default:
      throw new UnsupportedDocumentError(name.value);
  }
}

/** The value of an argument. It holds nothing of the document, which would keep the whole of it in memory. */
function compileValue(
  node: ValueNode,
  type: string | undefined,
  typesOfVariables: ReadonlyMap<string, string>,
): ValueFrom {
  switch (node.kind) {
    case Kind.VARIABLE:
      // The variable's declared type must be the argument's: validation compares no types inside `_Any`.
      if (type === undefined || typesOfVariables.get(node.name.value) !== type)
        throw new UnsupportedDocumentError(node.name.value);
      return variableValue(node.name.value);
    case Kind.LIST: {
      const itemType = type === undefined ? undefined : /^\[(.+)\]$/.exec(type)?.[1];
      return listValue(node.values.map((item) => compileValue(item, itemType, typesOfVariables)));
    }
    case Kind.OBJECT:
      return objectValue(
        node.fields.map(({ name, value }) => [name.value, compileValue(value, TYPES[name.value], typesOfVariables)]),
      );
    default:
      return constantValue(valueFromASTUntyped(node));
  }
}

function variableValue(name: string): ValueFrom {
  return (variables) => variables[name];
}

function constantValue(value: unknown): ValueFrom {
  return () => value;
}

function listValue(items: readonly ValueFrom[]): ValueFrom {
  return (variables) => items.map((item) => item(variables));
}

function objectValue(fields: readonly (readonly [name: string, value: ValueFrom])[]): ValueFrom {
  return (variables) => Object.fromEntries(fields.map(([name, value]) => [name, value(variables)]));
}

/** Whether it asks for no refresh. Values of other types fall back to the standard path. */
function isNo(refresh: unknown): boolean {
  return refresh === undefined || refresh === false || refresh === null;
}

/** Whether a key has the ordinary form: each part of the type that the schema wants, and nothing else. */
function isOrdinary(value: unknown): value is CallRequest {
  if (!hasOrdinaryParts(value, isOrdinaryPart)) return false;
  const { vdn, callId } = value;
  return vdn !== undefined && callId !== undefined;
}

/** Whether a reference has the ordinary form: only key fields. The resolver checks which of them are required. */
function isOrdinaryReference(value: unknown): value is Reference {
  return hasOrdinaryParts(value, isOrdinaryReferencePart) && value['__typename'] === 'Call';
}

function hasOrdinaryParts(value: unknown, isPart: (name: string, part: unknown) => boolean): value is Variables {
  if (typeof value !== 'object' || value === null) return false;
  for (const name in value) {
    if (!isPart(name, (value as Variables)[name])) return false;
  }
  return true;
}

function isOrdinaryPart(name: string, value: unknown): boolean {
  switch (name) {
    case 'vdn':
      return isInt(value);
    case 'callId':
      return typeof value === 'string';
    case 'ccId':
      return value === undefined || value === null || isInt(value);
    case 'month':
      return value === undefined || value === null || typeof value === 'string';
    case 'logDate':
      return value === undefined || value === null || typeof value === 'string' || typeof value === 'number';
    default:
      return false;
  }
}

function isOrdinaryReferencePart(name: string, value: unknown): boolean {
  if (name === '__typename' || name === 'id') return typeof value === 'string';
  return name !== 'logDate' && isOrdinaryPart(name, value);
}

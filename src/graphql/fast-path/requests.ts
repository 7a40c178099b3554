import { Kind, valueFromASTUntyped, type FieldNode, type ValueNode } from 'graphql';
import type { CallRequest } from '../../call/key.js';
import { UnsupportedDocumentError } from './view.js';

/** Variables as they came, or with their defaults in place of those that did not. */
export type Variables = Readonly<Record<string, unknown>>;

/** The calls that a field asks for; null if the request says something of which only the plain way can tell what becomes. */
export type RequestsOf = (variables: Variables) => readonly CallRequest[] | null;

/** Compiles the arguments of a field at the root. Throws UnsupportedDocumentError for one that is neither `call` nor `calls`. */
export function compileRequests({ name, arguments: given = [] }: FieldNode): RequestsOf {
  const values = new Map(given.map((argument) => [argument.name.value, compileValue(argument.value)]));
  const absent = (): undefined => undefined;
  const [
    refresh = absent,
    keys = absent,
    ccId = absent,
    vdn = absent,
    callId = absent,
    month = absent,
    logDate = absent,
  ] = ['refresh', 'keys', 'ccId', 'vdn', 'callId', 'month', 'logDate'].map((argument) => values.get(argument));
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
    default:
      throw new UnsupportedDocumentError(name.value);
  }
}

function compileValue(node: ValueNode): (variables: Variables) => unknown {
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    return (variables) => variables[name];
  }
  return (variables) => valueFromASTUntyped(node, variables);
}

/** Whether it asks for no refresh. Whatever is no Boolean is for the plain way to judge. */
function isNo(refresh: unknown): boolean {
  return refresh === undefined || refresh === false || refresh === null;
}

/** Whether a key is as nearly all are: every part of it of the type that the schema wants, and nothing else in it. */
function isOrdinary(value: unknown): value is CallRequest {
  if (typeof value !== 'object' || value === null) return false;
  for (const name in value) {
    if (!isOrdinaryPart(name, (value as Variables)[name])) return false;
  }
  const { vdn, callId } = value as Variables;
  return vdn !== undefined && callId !== undefined;
}

function isOrdinaryPart(name: string, value: unknown): boolean {
  switch (name) {
    case 'vdn':
      return Number.isInteger(value);
    case 'callId':
      return typeof value === 'string';
    case 'ccId':
      return value === undefined || value === null || Number.isInteger(value);
    case 'month':
      return value === undefined || value === null || typeof value === 'string';
    case 'logDate':
      return value === undefined || value === null || typeof value === 'string' || typeof value === 'number';
    default:
      return false;
  }
}

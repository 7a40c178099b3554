/**
 * What the peers have in common: the part of the graph that the two questions ask for. The enums are the product's own.
 * Times and months are scalars that pass a text on as it is, the cheapest there is.
 */
import { readFileSync } from 'node:fs';

const codes = readFileSync(new URL('../../schema/codes.graphql', import.meta.url), 'utf8');

export const TYPE_DEFS = `
scalar DateTime
scalar CallMonth

type Query {
  call(vdn: Int!, callId: ID!): Call
  calls(keys: [CallKeyInput!]!): [Call]!
}

input CallKeyInput {
  vdn: Int!
  callId: ID!
}

type Call {
  callId: ID!
  vdn: Int!
  month: CallMonth!
  complete: Boolean!
  legs: [CallLeg!]!
}

type CallLeg {
  callIdNum: Int!
  position: Int!
  isLast: Boolean!
  mediaType: CallMediaType
  subMediaType: CallSubMediaType
  deviceType: CallDeviceType
  deviceNo: String
  deviceIn: String
  callType: CallType
  enterReason: CallEnterReason
  leaveReason: CallLeaveReason
  releaseCause: CallReleaseCause
  callerNo: String
  calleeNo: String
  subCcNo: Int
  currentSkillId: String
  waitBegin: DateTime
  ackBegin: DateTime
  callBegin: DateTime
  callEnd: DateTime
}

${codes}`;

/** The resolvers of a server whose context holds `load(key)`: a promise of the call, or the call itself. */
export const RESOLVERS = {
  Query: {
    call: (_, key, { load }) => load(key),
    calls: (_, { keys }, { load }) => keys.map(load),
  },
};

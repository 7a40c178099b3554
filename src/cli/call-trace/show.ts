import type { AnsweredCall, Freshness, PicturedCall } from './call.js';
import { cleanLines, jsonText } from './clean.js';
import { CALL_PICTURE, CALL_TEXT, CALL_WHOLE } from './documents.js';
import { EXIT, type ExitCode } from './failure.js';
import type { Ask } from './gateway-client.js';
import { drawCall, headlineOf, warningsOf, type Drawing } from './picture.js';

/** How a call can be written. */
export const OUTPUTS = ['text', 'markdown', 'mermaid', 'csv', 'json', 'ndjson'] as const;
export type OutputForm = (typeof OUTPUTS)[number];

/** Which call, as the graph's variables. */
export interface CallVariables {
  readonly vdn: number;
  readonly callId: string;
  readonly month: string | undefined;
  readonly ccId: number | undefined;
  readonly refresh: boolean;
  readonly language: 'EN' | 'ZH';
  readonly timeZone: string;
}

/** What is wanted of it. */
export interface Wanted {
  readonly output: OutputForm;
  /** Only what the call came to. */
  readonly quiet: boolean;
  /** The narrative below the picture. */
  readonly story: boolean;
  readonly drawing: Drawing;
}

/** A call as it was found. */
export interface Sight {
  readonly text: string;
  readonly isOver: boolean;
  readonly hasWarnings: boolean;
  readonly freshness: Freshness;
}

/** Asks for a call and returns it as text; null if the contact centre knows no such call. Rejects with a Failure. */
export async function lookAt(ask: Ask, variables: CallVariables, wanted: Wanted): Promise<Sight | null> {
  const { document, more, write } = formOf(wanted);
  const data = await ask(document, { ...variables, ...more });
  const call = data['call'] as AnsweredCall | null;
  if (call === null) return null;
  return {
    text: write(call),
    isOver: call.verdict !== 'IN_PROGRESS',
    hasWarnings: warningsOf(call.findings).length > 0,
    freshness: call.freshness,
  };
}

/** What the program ends with after this sight. */
export function exitCodeAfter({ hasWarnings }: Pick<Sight, 'hasWarnings'>, failOnFindings: boolean): ExitCode {
  return failOnFindings && hasWarnings ? EXIT.findings : EXIT.found;
}

interface Form {
  readonly document: string;
  readonly more: Readonly<Record<string, unknown>>;
  /** The call is as `document` asks for it. */
  readonly write: (call: AnsweredCall) => string;
}

function formOf({ output, quiet, story, drawing }: Wanted): Form {
  switch (output) {
    case 'text':
      return {
        document: CALL_PICTURE,
        more: { story },
        write: (call) =>
          quiet ? headlineOf(call as PicturedCall, drawing.style) : drawCall(call as PicturedCall, drawing),
      };
    case 'json':
    case 'ndjson':
      return { document: CALL_WHOLE, more: {}, write: (call) => `${jsonText(call, output === 'json' ? 2 : 0)}\n` };
    default:
      return {
        document: CALL_TEXT,
        more: { form: output.toUpperCase() },
        write: (call) => cleanLines((call as AnsweredCall & { readonly text: string }).text).replace(/\n?$/, '\n'),
      };
  }
}

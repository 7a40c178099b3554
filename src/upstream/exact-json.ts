/**
 * Returns what `JSON.parse` returns, with one difference: an integer of 16 digits or more becomes a text of its exact
 * digits, because a double would round it. Throws as `JSON.parse` does.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(MAY_HAVE_LONG_NUMBER.test(text) ? withExactNumbers(text) : text);
}

/** A double holds any 15 digits. Numbers in quotes do not match, so ordinary replies are parsed as they are. */
const MAY_HAVE_LONG_NUMBER = /[\s:,[]-?\d[\d.eE+-]{15}/;
/** An escape, a quote, or what may be a long number. */
const TOKENS = /\\.|"|-?\d[\d.eE+-]{15,}/g;
const INTEGER = /^(-?(?:0|[1-9]\d*))(?:\.0+)?$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function withExactNumbers(text: string): string {
  let isInString = false;
  return text.replace(TOKENS, (token) => {
    if (token === '"') isInString = !isInString;
    return isInString || token === '"' || token.startsWith('\\') ? token : exactNumber(token);
  });
}

/** What is no number of JSON stays as it is, for `JSON.parse` to refuse. */
function exactNumber(token: string): string {
  const integer = INTEGER.exec(token)?.[1];
  if (integer !== undefined) return `"${integer}"`;
  const isRounded = NUMBER.test(token) && Number.isInteger(Number(token));
  return isRounded ? SOME_FRACTION : token;
}

/** Takes the place of a fraction that a double would round to an integer: no field can be read from either. */
const SOME_FRACTION = '0.5';

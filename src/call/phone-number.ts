/** A text with at least this many digits (7), whatever stands between them, is taken for a phone number: IDs of the contact centre are shorter. */
const MANY_DIGITS = /^(?:\P{Nd}*\p{Nd}){7}/u;

/**
 * Whether a text that as a rule is an ID or a constant of the contact centre holds a phone number or an address: by a
 * scheme, an `@`, or 7 digits. `isOutside`: it names somebody outside of the contact centre, whose number may be shorter.
 */
export function holdsNumber(text: string, isOutside: boolean): boolean {
  return /@|^(sips?|tel):/i.test(text) || (isOutside ? /\p{Nd}/u : MANY_DIGITS).test(text);
}

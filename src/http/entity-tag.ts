import { createHash } from 'node:crypto';

/** 132 bits. Unit: characters. */
const TAG_LENGTH = 22;

/** The strong validator of a representation, for `ETag`: another one as soon as its type or a byte of it differs. */
export function entityTagOf(contentType: string, body: readonly (Buffer | string)[]): string {
  const digest = createHash('sha256').update(`${contentType}\n`);
  for (const piece of body) digest.update(piece);
  return `"${digest.digest('base64url').slice(0, TAG_LENGTH)}"`;
}

/**
 * Whether a client holds the representation of this tag already, so that 304 is enough. `ifNoneMatch`: its header; it
 * is compared weakly, and `*` stands for any representation. Source: RFC 9110, section 13.1.2.
 */
export function isHeld(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return ifNoneMatch.trim() === '*' || tags.includes(entityTag);
}

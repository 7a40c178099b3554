import { createHash } from 'node:crypto';

/** 132 bits. Unit: characters. */
const TAG_LENGTH = 22;

/** Returns the strong validator of a representation, for `ETag`. It differs if the content type or any byte differs. */
export function entityTagOf(contentType: string, body: readonly (Buffer | string)[]): string {
  const digest = createHash('sha256').update(`${contentType}\n`);
  for (const piece of body) digest.update(piece);
  return `"${digest.digest('base64url').slice(0, TAG_LENGTH)}"`;
}

/**
 * Whether a client has the representation of this tag, so that the reply is 304. `ifNoneMatch`: its header, compared weakly;
 * `*` matches any representation. Source: RFC 9110, section 13.1.2.
 */
export function matchesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return ifNoneMatch.trim() === '*' || tags.includes(entityTag);
}

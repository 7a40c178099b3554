/** Whether a client takes a coding, by its header Accept-Encoding. Source: RFC 9110, section 12.5.3. */
export function acceptsCoding(accepted: string, coding: string): boolean {
  return accepted
    .split(',')
    .map((part) =>
      part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/),
    )
    .some(([name, quality = 'q=1']) => name === coding && !/^q=0(\.0*)?$/.test(quality));
}

/** Puts a text on the clipboard. False: this browser does not let pages do so, as a rule because the page came by plain HTTP. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

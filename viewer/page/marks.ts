/**
 * Marks everything on the page that shows one of these legs; none: ends that. In the document itself, past Preact: the
 * thousands of rows of a long call are not rendered again when the pointer passes a sentence.
 */
export function markLegs(legs: readonly number[]): void {
  for (const element of document.querySelectorAll('[data-marked]')) element.removeAttribute('data-marked');
  for (const leg of legs)
    for (const element of document.querySelectorAll(`[data-leg="${leg}"]`)) element.setAttribute('data-marked', '');
}

/** For an element that tells of legs: they are marked while it is pointed at, or holds the focus. */
export function marking(legs: readonly number[]) {
  const mark = () => markLegs(legs);
  const end = () => markLegs([]);
  return { onMouseEnter: mark, onMouseLeave: end, onFocusIn: mark, onFocusOut: end };
}

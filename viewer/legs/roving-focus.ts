/** Moves the focus between the buttons of the legs: up, down, to the first, to the last. */
export function moveFocus(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const at = event.target;
  if (!(at instanceof HTMLElement) || !at.classList.contains('leg-button')) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.leg-button')];
  const next = nextOf(event.key, buttons.indexOf(at), buttons.length);
  const target = next === null ? undefined : buttons[next];
  if (!target) return;
  event.preventDefault();
  at.tabIndex = -1;
  target.tabIndex = 0;
  target.focus();
}

function nextOf(key: string, index: number, length: number): number | null {
  if (key === 'ArrowDown') return Math.min(index + 1, length - 1);
  if (key === 'ArrowUp') return Math.max(index - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? length - 1 : null;
}

/** How the page looks: by the colours of the system, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --quiet: light-dark(#555, #aaa); --link: light-dark(#0645ad, #8ab4f8); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); font: 16px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; border-right: 1px solid var(--line); }
nav ul { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
nav input { width: 100%; padding: .4rem; font: inherit; }
main { padding: 1rem 2rem 50vh; max-width: 60rem; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h2 small { color: var(--quiet); font-weight: normal; }
p { margin: .25rem 0; }
small, .used, #found { color: var(--quiet); font-size: .85rem; }
.parts, .arguments { list-style: none; padding: 0; margin: .5rem 0; }
.parts > li { padding: .6rem 0; border-bottom: 1px solid var(--line); }
.arguments > li { margin: .4rem 0 .4rem 1.5rem; }
.name { font: bold 1rem ui-monospace, monospace; }
code, pre, .code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); max-height: 30rem; overflow-wrap: normal; }
dt { margin-top: .5rem; }
:target { outline: 2px solid var(--link); outline-offset: 4px; }
.mask, .cost, .errors, .gone, .high, .medium, .low { display: inline-block; padding: 0 .4em; border: 1px solid; border-radius: .7em; font-size: .8rem; }
.mask { color: light-dark(#7a3e00, #f3b96c); } .cost { color: light-dark(#22577a, #8ecae6); }
.errors, .gone, .low { color: light-dark(#a4161a, #ff8f8f); }
.high { color: light-dark(#2b6a30, #8fd694); } .medium { color: light-dark(#6b5900, #e2cf6b); }
[hidden] { display: none; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; } nav ul { display: none; } main { padding: 1rem; } }
@media print { nav { display: none; } body { display: block; } }
`;

/** What the page does: it hides what does not hold all words that are searched for. Without it, all is shown. */
export const SCRIPT = `
const search = document.getElementById('search');
const found = document.getElementById('found');
const sections = [...document.querySelectorAll('section[data-type]')].map((section) => ({
  section,
  link: document.querySelector('li[data-of="' + section.dataset.type + '"]'),
  head: section.id.toLowerCase(),
  parts: [...section.querySelectorAll('.part')].map((part) => ({ part, text: (part.id + ' ' + part.textContent).toLowerCase() })),
}));
const examples = [...document.querySelectorAll('details.part')].map((part) => ({ part, text: part.textContent.toLowerCase() }));
const show = () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const fits = (text) => words.every((word) => text.includes(word));
  let count = 0;
  document.getElementById('about').hidden = words.length > 0;
  for (const { part, text } of examples) part.hidden = !fits(text);
  for (const { section, link, head, parts } of sections) {
    const whole = words.length === 0 || fits(head);
    let shown = 0;
    for (const { part, text } of parts) {
      part.hidden = !whole && !fits(text);
      if (!part.hidden) shown += 1;
    }
    section.hidden = link.hidden = !whole && shown === 0;
    count += shown;
  }
  found.textContent = words.length === 0 ? '' : count + ' found';
};
search.addEventListener('input', () => { show(); scrollTo(0, 0); });
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && event.target !== search) { event.preventDefault(); search.focus(); }
  if (event.key === 'Escape' && event.target === search) { search.value = ''; show(); }
});
addEventListener('hashchange', () => {
  search.value = '';
  show();
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
  target?.scrollIntoView();
});
show();
`;

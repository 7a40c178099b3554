import assert from 'node:assert/strict';

/** Throws unless `actual` has all that `expected` names: lists as long, objects perhaps with more. */
export function assertLike(actual: unknown, expected: unknown, where = ''): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${where} is no list`);
    assert.equal(actual.length, expected.length, `${where} has another length: ${JSON.stringify(actual)}`);
    expected.forEach((value, index) => {
      assertLike(actual[index], value, `${where}[${index}]`);
    });
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof actual === 'object' && actual !== null, `${where} is ${JSON.stringify(actual)}`);
    const content = new Map(Object.entries(actual));
    for (const [name, value] of Object.entries(expected)) assertLike(content.get(name), value, `${where}.${name}`);
  } else assert.equal(actual, expected, where);
}

/**
 * Reads a list of PromQL expressions as JSON from standard input; prints, as JSON, for each the names of the metrics in it,
 * or null if it is no PromQL. The parser is that of Prometheus' own editor.
 */
import { text } from 'node:stream/consumers';
import { parser } from '@prometheus-io/lezer-promql';

const expressions = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(expressions.map(namesIn)));

function namesIn(expression) {
  const names = new Set();
  let isRight = true;
  parser.parse(expression).iterate({
    enter({ type, node }) {
      if (type.isError) isRight = false;
      const name = type.name === 'VectorSelector' ? node.getChild('Identifier') : null;
      if (name) names.add(expression.slice(name.from, name.to));
    },
  });
  return isRight ? [...names] : null;
}

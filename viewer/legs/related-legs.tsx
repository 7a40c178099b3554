import type { Call, Link } from '../graph/answer.js';
import { LegLinks } from '../page/leg-links.js';
import { useTold } from '../page/told.js';
import { durationText } from '../time/duration.js';

interface RelatedLegsProps {
  readonly call: Call;
  /** Of the leg whose relations are shown. */
  readonly position: number;
}

/** Whence a leg came and where it led, with the mode of a transfer; and how long the customer was held from there. */
export function RelatedLegs({ call: { links = [], transfers = [], holds = [] }, position }: RelatedLegsProps) {
  const { say, language } = useTold();
  const modeOf = ({ from, to }: Link) =>
    transfers.find((transfer) => transfer.from === from && transfer.to === to)?.kind;
  const wordsOf = (link: Link) => {
    const mode = link.kind === 'TRANSFER' ? modeOf(link) : undefined;
    return mode === undefined ? say(`link.${link.kind}`) : `${say(`link.${link.kind}`)}, ${say(`transfer.${mode}`)}`;
  };
  const before = links.filter(({ to }) => to === position);
  const after = links.filter(({ from }) => from === position);
  const held = holds.filter(({ from }) => from === position);
  if (before.length + after.length + held.length === 0) return null;
  return (
    <dl>
      {before.map((link, index) => (
        <div key={index}>
          <dt>{say('relation.before')}</dt>
          <dd>
            <LegLinks legs={[link.from]} /> {wordsOf(link)}
          </dd>
        </div>
      ))}
      {after.map((link, index) => (
        <div key={index}>
          <dt>{say('relation.after')}</dt>
          <dd>
            {link.to === null ? say('relation.none') : <LegLinks legs={[link.to]} />} {wordsOf(link)}
          </dd>
        </div>
      ))}
      {held.map(({ startedAt, endedAt, end }) => (
        <div key={startedAt}>
          <dt>{say('relation.hold')}</dt>
          <dd>
            {endedAt !== null && `${durationText(Date.parse(endedAt) - Date.parse(startedAt), language)} ·`}{' '}
            {say(`holdEnd.${end}`)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

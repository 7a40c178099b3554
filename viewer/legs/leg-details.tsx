import type { ComponentChildren } from 'preact';
import type { Leg } from '../graph/answer.js';
import { useTold } from '../page/told.js';

interface LegDetailsProps {
  readonly id: string;
  readonly leg: Leg;
  readonly onClose: () => void;
}

const CODES = ['deviceType', 'enterReason', 'leaveReason', 'releaseCause', 'callType', 'mediaType'] as const;
const TIMES = ['waitBegin', 'ackBegin', 'callBegin', 'callEnd'] as const;
const VALUES = ['deviceNo', 'deviceIn', 'callerNo', 'calleeNo', 'currentSkillId'] as const;

/** All that the record of a leg says: times to the millisecond, codes with number, name, meaning and how surely that is known. */
export function LegDetails({ id, leg, onClose }: LegDetailsProps) {
  const { say, clock } = useTold();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  };
  return (
    <div
      class="leg-details"
      id={id}
      role="group"
      tabIndex={-1}
      aria-label={say('details', { leg: leg.position })}
      onKeyDown={onKeyDown}
    >
      <div class="card-head">
        <h3>{say('details', { leg: leg.position })}</h3>
        <button type="button" class="quiet" onClick={onClose}>
          {say('close')}
        </button>
      </div>
      <div class="detail-columns">
        <dl class="codes">
          {CODES.map((field) => (
            <CodeField key={field} field={field} code={leg[`${field}Code`] ?? null} name={leg[field] ?? null} />
          ))}
        </dl>
        <dl>
          {TIMES.map((field) => (
            <Field key={field} name={say(`field.${field}`)} field={field}>
              {leg[field] ? <time dateTime={leg[field]}>{clock.exact(Date.parse(leg[field]))}</time> : null}
            </Field>
          ))}
        </dl>
        <dl>
          {VALUES.map((field) => (
            <Field key={field} name={say(`field.${field}`)} field={field}>
              {leg[field] ?? null}
            </Field>
          ))}
          <Field name={say('field.callIdNum')} field="callIdNum">
            {leg.callIdNum} {leg.isLast && say('final')}
          </Field>
        </dl>
      </div>
    </div>
  );
}

function CodeField({
  field,
  code,
  name,
}: {
  readonly field: string;
  readonly code: number | null;
  readonly name: string | null;
}) {
  const { say, dictionary } = useTold();
  if (code === null) return null;
  const meaning = dictionary.meaningOf(field, code);
  return (
    <Field name={say(`field.${field}`)} field={field}>
      {meaning?.text ?? say('noMeaning')}
      <span class="small">
        <span class="mono">
          {code} {name}
        </span>
        {meaning && <span class={`confidence ${meaning.confidence}`}>{say(`confidence.${meaning.confidence}`)}</span>}
      </span>
    </Field>
  );
}

function Field({
  name,
  field,
  children,
}: {
  readonly name: string;
  readonly field: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div>
      <dt>
        {name} <code>{field}</code>
      </dt>
      <dd>{children ?? '—'}</dd>
    </div>
  );
}

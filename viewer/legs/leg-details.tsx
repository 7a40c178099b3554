import type { ComponentChildren } from 'preact';
import type { Call, Leg } from '../graph/answer.js';
import { errorText } from '../page/problem-view.js';
import { useTold } from '../page/told.js';
import { RelatedLegs } from './related-legs.js';
import { useDetails } from './use-details.js';

interface LegDetailsProps {
  readonly id: string;
  readonly leg: Leg;
  readonly call: Call;
  readonly onClose: () => void;
}

const CODES = ['deviceType', 'enterReason', 'leaveReason', 'releaseCause', 'callType', 'mediaType'] as const;
const TIMES = ['waitBegin', 'ackBegin', 'callBegin', 'callEnd'] as const;
const VALUES = ['deviceNo', 'deviceIn', 'callerNo', 'calleeNo', 'currentSkillId'] as const;

/** All that the record of a leg says: times to the millisecond, codes with number, name, meaning and how surely that is known. */
export function LegDetails({ id, leg, call, onClose }: LegDetailsProps) {
  const { say } = useTold();
  const detailed = useDetails(leg);
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
      <div class="detail-columns" aria-busy={detailed === null}>
        {detailed instanceof Error ? (
          <p class="problem" role="alert">
            {say('detailsFailed', { reason: errorText(detailed, say) })}
          </p>
        ) : (
          detailed && <Fields leg={detailed} />
        )}
        <RelatedLegs call={call} position={leg.position} />
      </div>
    </div>
  );
}

function Fields({ leg }: { readonly leg: Leg }) {
  const { say, clock } = useTold();
  return (
    <>
      <dl class="codes">
        {CODES.map((field) => (
          <CodeField
            key={field}
            field={field}
            code={leg[`${field}Code`] ?? null}
            name={leg[field] ?? null}
            isMeant={field !== 'releaseCause' || leg.isLast === true}
          />
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
    </>
  );
}

function CodeField({
  field,
  code,
  name,
  isMeant,
}: {
  readonly field: string;
  readonly code: number | null;
  readonly name: string | null;
  /** False: the number stands in the record, and means nothing there. */
  readonly isMeant: boolean;
}) {
  const { say, dictionary } = useTold();
  if (code === null) return null;
  const meaning = isMeant ? dictionary.meaningOf(field, code) : null;
  return (
    <Field name={say(`field.${field}`)} field={field}>
      {meaning?.text ?? say(isMeant ? 'noMeaning' : 'onlyFinal')}
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

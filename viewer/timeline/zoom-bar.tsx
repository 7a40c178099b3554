import { useTold } from '../page/told.js';

interface ZoomBarProps {
  readonly actions: Readonly<Record<'in' | 'out' | 'earlier' | 'later' | 'fit' | 'toLeg', () => unknown>>;
  readonly isZoomed: boolean;
  /** The opened leg; null if there is none that has times. */
  readonly leg: number | null;
}

/** The buttons that choose what the timeline shows. */
export function ZoomBar({ actions, isZoomed, leg }: ZoomBarProps) {
  const { say } = useTold();
  return (
    <div class="row zoom">
      {leg !== null && (
        <button type="button" class="quiet" onClick={() => actions.toLeg()}>
          {say('zoomToLeg', { leg })}
        </button>
      )}
      <button type="button" class="icon" aria-label={say('zoomIn')} title={say('zoomIn')} onClick={() => actions.in()}>
        +
      </button>
      <button
        type="button"
        class="icon"
        aria-label={say('zoomOut')}
        title={say('zoomOut')}
        disabled={!isZoomed}
        onClick={() => actions.out()}
      >
        −
      </button>
      <button
        type="button"
        class="icon"
        aria-label={say('earlier')}
        title={say('earlier')}
        disabled={!isZoomed}
        onClick={() => actions.earlier()}
      >
        ←
      </button>
      <button
        type="button"
        class="icon"
        aria-label={say('later')}
        title={say('later')}
        disabled={!isZoomed}
        onClick={() => actions.later()}
      >
        →
      </button>
      <button type="button" class="quiet" disabled={!isZoomed} onClick={() => actions.fit()}>
        {say('fit')}
      </button>
    </div>
  );
}

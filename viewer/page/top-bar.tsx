import { useState } from 'preact/hooks';
import { UNITS, type View } from '../browser/permalink.js';
import { applyTheme, readTheme, THEMES, type Theme } from '../browser/theme.js';
import type { Language } from '../texts/catalogue.js';
import type { Say } from '../texts/say.js';
import { isZone, zoneNames } from '../time/zone.js';

interface TopBarProps {
  readonly say: Say;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  /** Left out on the start page, where no times are shown. */
  readonly view?: View;
  readonly onView?: (change: Partial<View>) => void;
  /** Null: nobody is signed in. */
  readonly onSignOut?: (() => void) | null;
}

/** The head of the page: the way to other calls, and how everything is shown. */
export function TopBar({ say, language, onLanguage, view, onView, onSignOut }: TopBarProps) {
  return (
    <header class="top">
      <a class="skip" href="#call">
        {say('skip')}
      </a>
      <a class="brand" href={`/calls?lang=${language}`}>
        <span class="logo" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {say('appName')}
      </a>
      <div class="choices" role="group" aria-label={say('settings')}>
        {view && onView && (
          <>
            <Choice
              label={say('unit')}
              values={UNITS}
              value={view.unit}
              textOf={(unit) => say(`unit.${unit}`)}
              onChoice={(unit) => onView({ unit })}
            />
            <ZoneChoice say={say} zone={view.zone} onZone={(zone) => onView({ zone })} />
          </>
        )}
        <ThemeChoice say={say} />
        <Choice
          label={say('language')}
          values={['en', 'zh']}
          value={language}
          textOf={(one) => LANGUAGE_NAMES[one]}
          onChoice={onLanguage}
        />
        {onSignOut && (
          <button type="button" class="quiet" onClick={onSignOut}>
            {say('signOut')}
          </button>
        )}
      </div>
    </header>
  );
}

/** Each language's name in that language. */
const LANGUAGE_NAMES = { en: 'English', zh: '中文' } as const;

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly values: readonly Value[];
  readonly value: Value;
  readonly textOf: (value: Value) => string;
  readonly onChoice: (value: Value) => void;
}

function Choice<Value extends string>({ label, values, value, textOf, onChoice }: ChoiceProps<Value>) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChoice(currentTarget.value as Value)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {textOf(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function ThemeChoice({ say }: { readonly say: Say }) {
  const [theme, setTheme] = useState<Theme>(readTheme);
  const choose = (to: Theme) => {
    applyTheme(to);
    setTheme(to);
  };
  return (
    <Choice
      label={say('theme')}
      values={THEMES}
      value={theme}
      textOf={(one) => say(`theme.${one}`)}
      onChoice={choose}
    />
  );
}

function ZoneChoice({
  say,
  zone,
  onZone,
}: {
  readonly say: Say;
  readonly zone: string;
  readonly onZone: (zone: string) => void;
}) {
  const [isWrong, setWrong] = useState(false);
  // The list is long: it is made when it is first wanted.
  const [names, setNames] = useState<readonly string[]>([]);
  const choose = (name: string) => {
    setWrong(!isZone(name));
    if (isZone(name)) onZone(name);
  };
  return (
    <label class="choice zone">
      <span>{say('zone')}</span>
      <input
        list="zones"
        value={zone}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? 'zone-problem' : undefined}
        onFocus={() => setNames(zoneNames())}
        onChange={({ currentTarget }) => choose(currentTarget.value.trim())}
      />
      <datalist id="zones">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {isWrong && (
        <span class="field-problem" id="zone-problem" role="alert">
          {say('zoneInvalid')}
        </span>
      )}
    </label>
  );
}

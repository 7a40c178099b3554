import type { Say } from '../texts/say.js';

interface SignInProps {
  readonly say: Say;
  /** Whether a credential was sent and not accepted. */
  readonly wasRefused: boolean;
  readonly onSignIn: (credential: string, keepForTab: boolean) => void;
}

/** Asks for a credential. It goes into no address and no form that is sent: the page alone reads it. */
export function SignIn({ say, wasRefused, onSignIn }: SignInProps) {
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const credential = form.get('credential');
    if (typeof credential === 'string' && credential.trim() !== '')
      onSignIn(credential.trim(), form.get('keep') !== null);
  };
  return (
    <section class="card state">
      <h1>{say('signIn.title')}</h1>
      <p>{say('signIn.text')}</p>
      <form onSubmit={submit}>
        {wasRefused && (
          <p class="problem" role="alert" id="refused">
            {say('signIn.refused')}
          </p>
        )}
        <label class="field">
          <span>{say('signIn.credential')}</span>
          <input
            type="password"
            name="credential"
            required
            autocomplete="off"
            autofocus
            aria-describedby={wasRefused ? 'refused' : undefined}
            aria-invalid={wasRefused}
          />
        </label>
        <label class="check">
          <input type="checkbox" name="keep" />
          <span>
            {say('signIn.keep')} <small>{say('signIn.keepHint')}</small>
          </span>
        </label>
        <button type="submit" class="primary">
          {say('signIn.submit')}
        </button>
      </form>
    </section>
  );
}

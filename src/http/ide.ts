/**
 * The query that the IDE opens with: a call that an agent passed on, leg by leg. Its ID is one of the demo; the call
 * centre of the simulator tells that story of every call whose ID ends so, whenever it began.
 */
export const SAMPLE_QUERY = `# What happened to this call? An agent asked a colleague, then passed it on.
# Press Ctrl-Enter to run. Put a VDN and a call ID of your own in place of these.
query CallTrace {
  call(vdn: 170, callId: "1700000000-6") {
    startedAt
    durationMs
    endedBy
    legs {
      position
      deviceType
      deviceNo
      leaveReason
      waitingMs
      connectedMs
    }
  }
}
`;

interface GraphiQLPage {
  title: string;
  endpoint: string;
  defaultQuery: string;
  shouldPersistHeaders: boolean;
  /** The initial content of the tab "Headers": JSON. */
  headers: string;
}

/** The options of the IDE's page. */
export interface IdeOptions {
  readonly graphqlPath: string;
  /** Sent with each operation unless its user changes them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The path of the reference of the schema, which the page links; null: there is none. */
  readonly reference: string | null;
}

/**
 * A script that runs before GraphiQL, which stores its state in localStorage, permanently and for all tabs. The script
 * replaces localStorage by sessionStorage, and removes the state of earlier versions, which may hold keys.
 */
const USE_SESSION_STORAGE = `
  Object.keys(localStorage).filter((name) => name.startsWith('graphiql:')).forEach((name) => localStorage.removeItem(name));
  Object.defineProperty(window, 'localStorage', { value: sessionStorage });
`;

/** Left of the name of the IDE, at the head of the page. */
const LINK_STYLE = 'position: fixed; top: 1rem; right: 8rem; z-index: 1; font: 15px system-ui, sans-serif';

/** Returns the page of the IDE: GraphiQL with all its parts, so that it works offline. Its nine megabytes are loaded at the first call. */
export async function renderIde({ graphqlPath, headers, reference }: IdeOptions): Promise<string> {
  const { renderGraphiQL } = (await import('@graphql-yoga/render-graphiql')) as {
    renderGraphiQL: (page: GraphiQLPage) => string;
  };
  const page = {
    title: 'Call traces',
    endpoint: graphqlPath,
    defaultQuery: SAMPLE_QUERY,
    shouldPersistHeaders: false,
    headers: Object.keys(headers).length === 0 ? '' : JSON.stringify(headers, null, 2),
  };
  const link =
    reference === null ? '' : `<a href="${reference}" target="_blank" style="${LINK_STYLE}">Schema reference</a>`;
  return renderGraphiQL(page)
    .replace('<div id="root"></div>', (root) => `${link}${root}`)
    .replace('<script>', (first) => `<script>${USE_SESSION_STORAGE}</script>${first}`);
}

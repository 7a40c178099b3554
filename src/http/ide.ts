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
  /** What its tab "Headers" begins with: JSON. */
  headers: string;
}

/** What the page of the IDE is made for. */
export interface IdeOptions {
  readonly graphqlPath: string;
  /** Sent with each operation unless its user changes them. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Runs before GraphiQL does. It keeps what it is told in localStorage, for good and for all tabs; here that ends with
 * the tab. What an earlier version kept so is removed, for keys were among it.
 */
const KEEP_FOR_THE_TAB = `
  Object.keys(localStorage).filter((name) => name.startsWith('graphiql:')).forEach((name) => localStorage.removeItem(name));
  Object.defineProperty(window, 'localStorage', { value: sessionStorage });
`;

/** Returns the page of the IDE: GraphiQL with all that it needs, so that it works offline. Nine megabytes: loaded when first asked for. */
export async function renderIde({ graphqlPath, headers }: IdeOptions): Promise<string> {
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
  return renderGraphiQL(page).replace('<script>', (first) => `<script>${KEEP_FOR_THE_TAB}</script>${first}`);
}

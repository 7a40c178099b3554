/** The query an IDE opens with: the sample call of the interface's page. */
export const SAMPLE_QUERY = `# The path of one call: which devices it passed,
# how long it stayed, who ended it.
query CallTrace {
  call(vdn: 170, callId: "1678978542-92", month: "2021-03") {
    complete
    endedBy
    startedAt
    durationMs
    legs {
      position
      deviceType
      deviceNo
      enterReason
      leaveReason
      waitingMs
      talkingMs
    }
    freshness { source ageMs final }
  }
}
`;

interface GraphiQLPage {
  title: string;
  endpoint: string;
  defaultQuery: string;
}

/** The page of the IDE: GraphiQL with all it needs inside, so that it works without internet. Nine megabytes: loaded when first wanted. */
export async function renderIde(endpoint: string): Promise<string> {
  const { renderGraphiQL } = (await import('@graphql-yoga/render-graphiql')) as {
    renderGraphiQL: (page: GraphiQLPage) => string;
  };
  return renderGraphiQL({ title: 'Call traces', endpoint, defaultQuery: SAMPLE_QUERY });
}

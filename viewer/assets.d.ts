/** The text of a document, as esbuild puts it in. */
declare module '*.graphql' {
  const text: string;
  export default text;
}

/** Styles: esbuild gathers them in one file. */
declare module '*.css';

// How a tool ends its process without cutting off what it said last.
/** Ends this process when what it has printed has been read: a pipe's reader may be slow. */
export async function leave(code) {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((resolve) => stream.write("", resolve));
  }
  process.exit(code);
}

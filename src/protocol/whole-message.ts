import type { BinaryReader } from "@bufbuild/protobuf/wire";

// What every generated decoder asks (tools/generate.mjs). ts-proto's own do not look whether a message ends where its length
// says: one that ends early, or whose last field runs over its end, is read together with its neighbours' bytes, as a
// frame that nobody sent.

/** Throws unless the message has been read to its end, and no further. */
export function checkEnd(reader: BinaryReader, end: number): void {
  if (reader.pos !== end) throw endsAfter(reader.pos, end);
}

/** Throws: the tag that has just been read, a zero or a group's end, would end the message, and no message here ends so. */
export function refuseEarlyEnd(reader: BinaryReader, end: number): void {
  throw endsAfter(reader.pos - 1, end);
}

function endsAfter(at: number, end: number): Error {
  return new Error(`it ends after ${at} of ${end} bytes`);
}

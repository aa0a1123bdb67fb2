import { BinaryReader } from "@bufbuild/protobuf/wire";

interface Decoder<T> {
  decode(input: BinaryReader): T;
}

/** Decodes a message that fills `bytes`. Throws where it ends early: the generated code alone would ignore the rest. */
export function decodeWhole<T>(decoder: Decoder<T>, bytes: Uint8Array): T {
  const reader = new BinaryReader(bytes);
  const message = decoder.decode(reader);
  if (reader.pos !== bytes.length) throw new Error(`it ends after ${reader.pos} of ${bytes.length} bytes`);
  return message;
}

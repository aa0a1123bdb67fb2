import { configureTextEncoding } from "@bufbuild/protobuf/wire";
import utf8 from "@protobufjs/utf8";
import { loneSurrogate } from "./lone-surrogate.js";

/** Bytes are not UTF-8, or text is not Unicode. */
export class TextCodecError extends Error {
  override readonly name = "TextCodecError";
}

const loneSurrogates = new RegExp(loneSurrogate, "gu");

/** UTF-8 of `text`. Throws on half a character, which has no UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  if (loneSurrogate.test(text)) throw new TextCodecError("text with a lone surrogate has no UTF-8 form");
  const bytes = new Uint8Array(utf8.length(text));
  utf8.write(text, bytes, 0);
  return bytes;
}

/** The text of UTF-8 `bytes`. Throws if they are not UTF-8: the library alone would invent characters. */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = utf8.read(bytes, 0, bytes.length);
  const back = new Uint8Array(utf8.length(text));
  utf8.write(text, back, 0);
  // The library reads and writes an encoded surrogate alike: only the text shows that one was there.
  if (back.length !== bytes.length || back.some((byte, i) => byte !== bytes[i]) || loneSurrogate.test(text)) {
    throw new TextCodecError(`${bytes.length} bytes are not valid UTF-8`);
  }
  return text;
}

/** The text of bytes that only a person reads: what is not UTF-8 shows as U+FFFD or is left out. */
export function decodeForDisplay(bytes: Uint8Array): string {
  return wellFormed(utf8.read(bytes, 0, bytes.length));
}

/** Text that only a person reads, with U+FFFD for each half of a character: it always has a UTF-8 form. */
export function wellFormed(text: string): string {
  return text.replace(loneSurrogates, "\uFFFD");
}

const clippedLength = 4000;

/** Words that cross to C#: well-formed, and not so many that the frame grows too large for it. */
export function clipped(text: string): string {
  return wellFormed(text.length > clippedLength ? `${text.slice(0, clippedLength)}…` : text);
}

/** PuerTS has no TextEncoder. Set before the first message is made. */
configureTextEncoding({
  encodeUtf8: encodeUtf8 as (text: string) => Uint8Array<ArrayBuffer>,
  decodeUtf8,
  checkUtf8: (text) => !loneSurrogate.test(text),
});

/** What was thrown, in words. Never throws itself: script can throw anything, an object without a prototype included. */
export function thrownWords(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "something that has no words";
  }
}

/** An error's message alone, for a sentence that goes on. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : thrownWords(thrown);
}

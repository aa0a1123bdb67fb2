/** What PuerTS has of it. */
declare const console: { log(...words: unknown[]): void };

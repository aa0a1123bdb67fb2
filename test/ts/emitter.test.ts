import { describe, expect, test } from "vitest";
import { Emitter } from "../../src/bridge/emitter.js";

function emitterWithErrors(): { emitter: Emitter<string>; errors: unknown[]; heard: string[] } {
  const errors: unknown[] = [];
  return { emitter: new Emitter<string>((error) => errors.push(error)), errors, heard: [] };
}

describe("emitter", () => {
  test("tells every listener, in the order in which they were added", () => {
    const { emitter, heard } = emitterWithErrors();
    emitter.add((event) => heard.push(`1 ${event}`));
    emitter.add((event) => heard.push(`2 ${event}`));
    emitter.emit("a");
    emitter.emit("b");
    expect(heard).toEqual(["1 a", "2 a", "1 b", "2 b"]);
  });

  test("one that throws stops no other, and is reported", () => {
    const { emitter, errors, heard } = emitterWithErrors();
    emitter.add(() => {
      throw new Error("mine");
    });
    emitter.add((event) => heard.push(event));
    emitter.emit("a");
    emitter.emit("b");
    expect(heard).toEqual(["a", "b"]);
    expect(errors.map(String)).toEqual(["Error: mine", "Error: mine"]);
  });

  test("unsubscribed, it hears no more; unsubscribing again harms nobody", () => {
    const { emitter, heard } = emitterWithErrors();
    const off = emitter.add((event) => heard.push(`1 ${event}`));
    emitter.add((event) => heard.push(`2 ${event}`));
    emitter.emit("a");
    off();
    off();
    emitter.emit("b");
    expect(heard).toEqual(["1 a", "2 a", "2 b"]);
  });

  test("the same listener twice is called twice, and each unsubscribe takes back its own", () => {
    const { emitter, heard } = emitterWithErrors();
    const listener = (event: string): void => void heard.push(event);
    const offFirst = emitter.add(listener);
    emitter.add(listener);
    emitter.emit("a");
    offFirst();
    offFirst();
    emitter.emit("b");
    expect(heard).toEqual(["a", "a", "b"]);
  });

  test("unsubscribed from inside: one that has its turn later is not called; no other is skipped", () => {
    const { emitter, heard } = emitterWithErrors();
    const offs: (() => void)[] = [];
    emitter.add((event) => {
      heard.push(`1 ${event}`);
      offs[0]?.();
    });
    offs.push(emitter.add((event) => heard.push(`2 ${event}`)));
    const offSelf = emitter.add((event) => {
      heard.push(`3 ${event}`);
      offSelf();
    });
    emitter.add((event) => heard.push(`4 ${event}`));
    emitter.emit("a");
    emitter.emit("b");
    expect(heard).toEqual(["1 a", "3 a", "4 a", "1 b", "4 b"]);
  });

  test("one added from inside hears the next event, not this one", () => {
    const { emitter, heard } = emitterWithErrors();
    let added = false;
    emitter.add((event) => {
      heard.push(`1 ${event}`);
      if (!added) emitter.add((later) => heard.push(`2 ${later}`));
      added = true;
    });
    emitter.emit("a");
    emitter.emit("b");
    expect(heard).toEqual(["1 a", "1 b", "2 b"]);
  });
});

import { expect, test } from "vitest";
import { Deliveries } from "../../src/bridge/deliveries.js";

test("one that throws in spite of all guards does not silence those after it", () => {
  const deliveries = new Deliveries();
  const heard: number[] = [];
  expect(() =>
    deliveries.deliver(() => {
      deliveries.deliver(() => heard.push(1));
      throw new RangeError("the stack is full");
    }),
  ).toThrow(RangeError);
  deliveries.deliver(() => heard.push(2));
  expect(heard).toEqual([1, 2]);
});

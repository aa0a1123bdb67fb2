import { expect, test } from "vitest";
import { misplacedUsing } from "../../tools/check-usings.mjs";

test.each([
  ["using System;\nusing System.Linq;\nusing NUnit.Framework;\nusing TimChatBridge;\n", undefined],
  ["using Systematic;\nusing System;\n", "Systematic"],
  ["using UnityEngine;\nusing System;\n", "UnityEngine"],
  ["using System.Linq;\nusing System;\n", "System.Linq"],
  ["using System;\nusing B;\nusing A;\n", "B"],
  ["namespace A\n{\n    // using B; using A;\n}\n", undefined],
])("%j: %s is out of order", (source, name) => {
  expect(misplacedUsing(source)).toBe(name);
});

import assert from "node:assert/strict";
import { nearestName } from "../../src/core/nearest_name.ts";

const names = ["get", "set", "ls", "rm", "current"];

Deno.test("nearestName() finds what is an edit or two away", () => {
  const cases = [
    ["gett", "get"],
    ["ge", "get"],
    ["gat", "get"],
    ["gte", "get"],
    ["sl", "ls"],
    ["curent", "current"],
    ["cuurentt", "current"],
    ["et", "get"],
  ];
  for (const [text, name] of cases) {
    assert.equal(nearestName(text, names), name);
  }
});

Deno.test("nearestName() finds nothing in what is farther away", () => {
  for (const text of ["", "xyz", "gxx", "remove", "curxxxt", "x".repeat(1e6)]) {
    assert.equal(nearestName(text, names), undefined);
  }
  assert.equal(nearestName("get", []), undefined);
});

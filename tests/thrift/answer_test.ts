import assert from "node:assert/strict";
import { invalidArgument } from "../../src/core/errors.ts";
import { createCounters } from "../../src/telemetry/counters.ts";
import { createAnswer } from "../../src/thrift/answer.ts";
import { ForsunPlanError } from "../../src/thrift/generated.ts";
import { captureLog } from "./captured_log.ts";

const mistake = "The daemon made a mistake, its log says more";

/** Has `work` answered; gives what the reply was written with, in order. */
async function answersOf<Value>(
  work: () => Promise<Value>,
  toWire: (value: Value) => unknown = (value) => value,
  onDone: () => void = () => {},
) {
  using log = captureLog();
  const counters = createCounters();
  const done: unknown[] = [];
  createAnswer(counters)(work, toWire, (error, result) => {
    done.push(error ?? result);
    onDone();
  });
  assert.equal(counters.requesting_count, 1);
  while (counters.requesting_count > 0) await Promise.resolve();
  const { requested_count, requested_error_count } = counters;
  return { done, log: log.lines, requested_count, requested_error_count };
}

function isMistake(error: unknown): void {
  assert.ok(error instanceof ForsunPlanError);
  assert.equal(error.code, 1001);
  assert.equal(error.message, mistake);
}

Deno.test("An Answer gives the result as it goes on the wire", async () => {
  const { done, ...rest } = await answersOf(
    () => Promise.resolve(3),
    (value) => value + 1,
  );
  assert.deepEqual(done, [4]);
  assert.deepEqual(rest, {
    log: [],
    requested_count: 1,
    requested_error_count: 0,
  });
});

Deno.test("An Answer gives a refusal with its code and message, thrown or rejected", async () => {
  const refusal = invalidArgument("Cannot do it");
  const works = [
    () => Promise.reject(refusal),
    () => {
      throw refusal;
    },
  ];
  for (const work of works) {
    const { done: [error], ...rest } = await answersOf(work);
    assert.ok(error instanceof ForsunPlanError);
    assert.deepEqual([error.code, error.message], [1007, "Cannot do it"]);
    assert.deepEqual(rest, {
      log: [],
      requested_count: 1,
      requested_error_count: 1,
    });
  }
});

Deno.test("An Answer gives code 1001 for anything else that goes wrong, and logs it", async () => {
  const { done: [error], ...rest } = await answersOf(() =>
    Promise.reject(new TypeError("x is not a function"))
  );
  isMistake(error);
  assert.deepEqual(rest, {
    log: ["error: A request broke: TypeError: x is not a function"],
    requested_count: 1,
    requested_error_count: 1,
  });
});

Deno.test("An Answer gives code 1001 for a result that can't go on the wire", async () => {
  const { done: [error], log } = await answersOf(
    () => Promise.resolve(3),
    () => {
      throw new TypeError("3 is no plan");
    },
  );
  isMistake(error);
  assert.deepEqual(log, ["error: A request broke: TypeError: 3 is no plan"]);
});

Deno.test("An Answer gives code 1001 where the result's reply could not be written", async () => {
  let isFirst = true;
  const { done: [result, error], ...rest } = await answersOf(
    () => Promise.resolve("large"),
    undefined,
    () => {
      if (isFirst) {
        isFirst = false;
        throw new RangeError("too large");
      }
    },
  );
  assert.equal(result, "large");
  isMistake(error);
  assert.deepEqual(rest, {
    log: ["error: A request broke: RangeError: too large"],
    requested_count: 1,
    requested_error_count: 1,
  });
});

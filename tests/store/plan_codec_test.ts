import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import type { Plan } from "../../src/core/plan.ts";
import { ByteReader } from "../../src/store/byte_reader.ts";
import { ByteWriter } from "../../src/store/byte_writer.ts";
import {
  planBound,
  readPlanBody,
  writePlanBody,
} from "../../src/store/plan_codec.ts";
import { calendarPlan } from "../support/plans.ts";

function bytesOf(plan: Plan): Buffer {
  const bytes = Buffer.alloc(planBound(plan));
  const writer = new ByteWriter().start(bytes, 0);
  writePlanBody(writer, plan);
  return bytes.subarray(0, writer.at);
}

function planOf(bytes: Buffer): Plan {
  return readPlanBody(new ByteReader().start(bytes, 0, bytes.length), "a");
}

Deno.test("readPlanBody() reads every misfire rule as it was written", () => {
  for (const misfire of ["once", "skip", "all"] as const) {
    const plan = calendarPlan("a", { hour: 3 }, { misfire });
    assert.deepEqual(planOf(bytesOf(plan)), plan);
  }
});

Deno.test("readPlanBody() refuses a misfire rule that it does not know", () => {
  const bytes = bytesOf(calendarPlan("a", { hour: 3 }));
  const tagAt = 4;
  bytes[tagAt] |= 0x30;
  assert.throws(() => planOf(bytes), {
    name: "RangeError",
    message: "No misfire rule has the code 3",
  });
});

import assert from "node:assert/strict";
import { readReport, reportStart } from "../../src/cli/demon_report.ts";
import { invalidArgument } from "../../src/core/errors.ts";
import { createRecordingTerminal } from "./in_process.ts";

function stream(...pieces: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
}

Deno.test("readReport() understands what reportStart() says", async () => {
  const terminal = createRecordingTerminal();
  const isDone = await reportStart((onReady) => {
    onReady();
    return Promise.resolve();
  }, terminal);
  assert.equal(isDone, true);
  assert.deepEqual(await readReport(stream(terminal.stdout)), {
    kind: "ready",
  });
});

Deno.test("readReport() has the reason of a failure", async () => {
  const terminal = createRecordingTerminal();
  const refusal = () => Promise.reject(invalidArgument("port must\nbe free"));
  assert.equal(await reportStart(refusal, terminal), false);
  assert.equal(terminal.stderr, "");
  assert.deepEqual(await readReport(stream(terminal.stdout)), {
    kind: "failed",
    reason: "port must be free (error 1007)",
  });
});

Deno.test("readReport() takes a report in pieces, and its absence", async () => {
  const pieces = stream("re", "ady", "\n", "more");
  assert.deepEqual(await readReport(pieces), { kind: "ready" });
  assert.deepEqual(await readReport(stream()), { kind: "gone" });
  assert.deepEqual(await readReport(stream("rea")), { kind: "gone" });
});

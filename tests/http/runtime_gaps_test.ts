import assert from "node:assert/strict";
import { runtimeGaps } from "../../src/http/runtime_gaps.ts";

Deno.test("runtimeGaps() warns of versions before 2.8, and of this one not", () => {
  for (const version of ["1.46.3", "2.0.0", "2.7.14"]) {
    const warning = runtimeGaps(version) ?? "";
    assert.match(warning, /^http_max_connections, .+ have no effect on Deno /);
    assert.ok(warning.includes(` ${version}, `));
  }
  for (const version of ["2.8.0", "2.10.1", "3.0.0", Deno.version.deno]) {
    assert.equal(runtimeGaps(version), undefined);
  }
});

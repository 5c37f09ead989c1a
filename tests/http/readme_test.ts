import assert from "node:assert/strict";
import { join } from "node:path";
import { requireCommand, testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startApi } from "./api_client.ts";

const hasCurl = await requireCommand("curl");
const readme = join(import.meta.dirname ?? ".", "../../README.md");

testWith(
  { curl: hasCurl },
  "the curl lines of README work as they stand",
  async () => {
    await using api = await startApi();
    await using folder = await tempFolder();
    const text = await Deno.readTextFile(readme);
    const block = /\n## HTTP\n[^]*?```sh\n([^]*?)```/.exec(text)?.[1] ?? "";
    const lines = block.replaceAll("\\\n", "").trim().split("\n");
    assert.equal(lines.length, 8);
    const printed: string[] = [];
    for (const line of lines) {
      const script = line.replaceAll("127.0.0.1:9650", new URL(api.origin).host)
        .replace(/^curl/, "curl --silent --show-error --max-time 60");
      const { success, stdout, stderr } = await new Deno.Command("/bin/sh", {
        args: ["-c", script],
        cwd: folder.path,
        stdin: "null",
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      printed.push(new TextDecoder().decode(stdout));
    }
    const replies = printed.map((one) =>
      one === "" ? {} : JSON.parse(
        one.split("\n")[0],
      )
    );
    assert.deepEqual(replies.map(({ errcode }) => errcode), [
      ...[0, 0, 0, 0],
      undefined,
      ...[0, 0, 0],
    ]);
    assert.equal(replies[2].data.params.url, "http://localhost:8080/unpaid");
    assert.equal(replies[3].data.plans[0].key, "order:1");
    const results = printed[5].trim().split("\n").map((one) => JSON.parse(one));
    assert.deepEqual(results.map(({ key, errcode }) => `${key} ${errcode}`), [
      "order:1 0",
      "report 0",
    ]);
    assert.deepEqual(replies[7].data, { removed: 1 });
  },
);

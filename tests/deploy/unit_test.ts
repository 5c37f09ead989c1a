import assert from "node:assert/strict";
import { join } from "node:path";
import { requireCommand, testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";

const unit = join(import.meta.dirname ?? ".", "../../deploy/forsun.service");
const needed = { systemd: await requireCommand("systemd-analyze") };

async function analyze(...args: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(
    "systemd-analyze",
    { args: [...args] },
  ).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

testWith(
  needed,
  "deploy/forsun.service has no setting that systemd doesn't know",
  async () => {
    await using folder = await tempFolder();
    const text = await Deno.readTextFile(unit);
    const copy = join(folder.path, "forsun.service");
    // The program needn't be installed here.
    await Deno.writeTextFile(
      copy,
      text.replace("=/usr/local/bin/forsun", "=/bin/true"),
    );
    assert.deepEqual(await analyze("verify", copy), {
      success: true,
      text: "",
    });
  },
);

testWith(needed, "deploy/forsun.service exposes little", async () => {
  // Its own scale: 10 for a service without limits, below 2 is rare.
  const args = ["--offline=true", "--no-pager", "--threshold=15"];
  const { success, text } = await analyze("security", ...args, unit);
  assert(success, text);
  assert.match(text, /Overall exposure level for forsun.service: 1\.\d OK/);
});

import { join } from "node:path";
import type { Sink, SinkReport } from "./sink.ts";
import type { Workspace } from "./workspace.ts";

const program = join(import.meta.dirname ?? "", "bare_fetch.ts");

/** As fireBurst(), by a program that does nothing but fetch. */
export async function fireBareBurst(
  { sink, workspace }: {
    readonly sink: Sink;
    readonly workspace: Workspace;
  },
  count: number,
): Promise<SinkReport> {
  await sink.expect(count);
  const at = Math.ceil(Date.now() / 1000) + 2;
  const url = `http://127.0.0.1:${sink.port}/callbacks/orders`;
  const process = workspace.spawn(Deno.execPath(), {
    args: ["run", "--allow-net", program, url, String(count), String(at)],
  });
  const { success } = await process.status;
  if (!success) throw new Error("Bare fetching failed");
  return await sink.report({ at, step: 0 });
}

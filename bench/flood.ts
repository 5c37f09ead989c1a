import * as v from "valibot";
import { nativeTool } from "./native_tool.ts";
import type { Workspace } from "./workspace.ts";

const reportSchema = v.object({
  opened: v.number(),
  failed: v.number(),
  closedThere: v.number(),
  maxOpen: v.number(),
});

/** What a flood came to: connections that it opened, could not open, and lost. */
export type FloodReport = v.InferOutput<typeof reportSchema>;

export interface Flood {
  readonly port: number;
  /** What is done to each connection; see tools/flood.c. */
  readonly mode: "idle" | "drip" | "half" | "churn" | "garbage";
  readonly connections: number;
  readonly isHttp: boolean;
  readonly seconds: number;
}

/** Floods a port, and waits until that is over. */
export async function runFlood(
  { port, mode, connections, isHttp, seconds }: Flood,
  workspace: Workspace,
): Promise<FloodReport> {
  const numbers = { port, connections, seconds };
  const process = workspace.spawn(await nativeTool("flood"), {
    args: [
      ...Object.entries(numbers).flatMap(([name, value]) => [
        `--${name}`,
        String(value),
      ]),
      ...["--mode", mode],
      ...isHttp ? ["--http"] : [],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { stdout, stderr } = await process.output();
  if (stdout.length === 0) throw new Error(new TextDecoder().decode(stderr));
  return v.parse(reportSchema, JSON.parse(new TextDecoder().decode(stdout)));
}

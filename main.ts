/**
 * forsun: a timer service. The map: src/cli reads the arguments; `serve` runs
 * src/daemon/, which puts store, scheduler, actions and servers together; all
 * other commands are a Thrift client of such a daemon. ARCHITECTURE.md has more.
 */
import process from "node:process";
import { run } from "./src/cli/run.ts";
import { createTerminal } from "./src/cli/terminal.ts";

const terminal = createTerminal(Deno.exit);
Deno.exit(await run(Deno.args, { name: process.argv0, terminal }));

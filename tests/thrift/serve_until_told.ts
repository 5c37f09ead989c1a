/**
 * A daemon's Thrift side for a process of its own: prints its port, then what it
 * logs, and ends when its standard input does.
 */
import { configureSync } from "@logtape/logtape";
import { startThriftDaemon } from "../support/thrift_daemon.ts";

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

await using daemon = await startThriftDaemon();
print(`port ${daemon.port}`);
configureSync({
  sinks: { lines: ({ message }) => print(message.map(String).join("")) },
  loggers: [
    { category: ["forsun", "thrift"], sinks: ["lines"], lowestLevel: "debug" },
    { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
  ],
});
const buffer = new Uint8Array(16);
while (await Deno.stdin.read(buffer) !== null);

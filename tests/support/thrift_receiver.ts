import { join } from "node:path";
import { type ServerProgram, startServerProgram } from "./server_program.ts";
import { requireCommand, requireSuccess } from "./services.ts";

const python = "/usr/bin/python3";
const script = join(import.meta.dirname ?? ".", "thrift_receiver.py");
const currentIdl = join(import.meta.dirname ?? ".", "../../forsun.thrift");

/** What tests need that call {@link startThriftReceiver}. */
export const thriftReceiverNeeds = {
  "thrift-compiler": await requireCommand("thrift"),
  "python3-thrift": await requireSuccess(python, "-c", "import thrift"),
};

/** A call as the receiver got it. */
export type ReceivedCall = readonly [
  key: string,
  ts: number,
  params: Readonly<Record<string, string>>,
];

/** Starts a receiver written with Apache Thrift's Python library. */
export function startThriftReceiver(
  { kind = "threaded", idl = currentIdl }: {
    /** One connection at a time, a thread for each, or four threads. */
    readonly kind?: "simple" | "threaded" | "pool";
    /** The interface that it implements, a file named forsun.thrift. */
    readonly idl?: string;
  } = {},
): Promise<ServerProgram> {
  return startServerProgram({
    prepare: async ({ folder }) => {
      const { success, stderr } = await new Deno.Command("thrift", {
        args: ["--gen", "py", "-o", folder, idl],
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    },
    command: ({ port, folder }) => [
      ...["/usr/bin/env", "PYTHONDONTWRITEBYTECODE=1", python, script],
      ...[join(folder, "gen-py"), String(port), kind, logIn(folder)],
    ],
    startMs: 30_000,
  });
}

/** All calls so far, those before a restart, too. */
export async function receivedCalls(
  { folder }: ServerProgram,
): Promise<ReceivedCall[]> {
  const text = await Deno.readTextFile(logIn(folder)).catch(() => "");
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

function logIn(folder: string): string {
  return join(folder, "calls");
}

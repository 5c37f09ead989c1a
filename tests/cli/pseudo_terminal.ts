import assert from "node:assert/strict";

/** Runs a command on a terminal of its own and passes everything through. */
const relay = `
import fcntl, os, pty, select, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
sources = [terminal, 0]
while True:
    ready = select.select(sources, [], [])[0]
    if 0 in ready:
        keys = os.read(0, 4096)
        if keys:
            os.write(terminal, keys)
        else:
            sources.remove(0)
    if terminal in ready:
        try:
            text = os.read(terminal, 65536)
        except OSError:
            break
        if not text:
            break
        os.write(1, text)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** Keys that are not characters. */
export const keys = {
  tab: "\t",
  enter: "\r",
  up: "\x1b[A",
  ctrlC: "\x03",
  ctrlD: "\x04",
  ctrlZ: "\x1a",
} as const;

/** A command at work on a pseudo-terminal. */
export interface PseudoTerminal extends AsyncDisposable {
  type(text: string): Promise<void>;
  /**
   * Waits until what has come since the last call ends in `end`, and returns it
   * without escape sequences.
   */
  until(end: string): Promise<string>;
  /** Waits for the end; gives the exit status. */
  readonly status: Promise<number>;
}

/** Starts a command on a terminal of 200 columns. */
export function openPseudoTerminal(
  command: readonly string[],
  { env, cwd }: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
  },
): PseudoTerminal {
  const child = new Deno.Command("python3", {
    args: ["-c", relay, ...command],
    clearEnv: true,
    env,
    cwd,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  return {
    type: (text) => input.write(new TextEncoder().encode(text)),
    async until(end) {
      const timer = setTimeout(() => child.kill("SIGKILL"), maxWaitMs);
      for (;;) {
        const text = seen.replace(noise, "");
        if (text.endsWith(end)) {
          clearTimeout(timer);
          seen = "";
          return text;
        }
        const { value, done } = await output.read();
        assert(
          !done,
          `No ${JSON.stringify(end)} came: ${JSON.stringify(text)}`,
        );
        seen += value;
      }
    },
    status: child.status.then(({ code }) => code),
    async [Symbol.asyncDispose]() {
      await input.close().catch(() => {});
      await output.cancel();
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
    },
  };
}

const maxWaitMs = 20_000;

/** Escape sequences, and what Deno says when other processes hold its cache. */
// deno-lint-ignore no-control-regex -- these are what is taken out
const noise = /\x1b\[[0-9;?]*[A-Za-z]|Failed to open cache file [^\n]*\n/g;

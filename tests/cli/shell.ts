import { join } from "node:path";
import { programCommand } from "../support/daemon_process.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** What a line in a shell came to. */
export interface ShellResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell that finds forsun and forsund on its path, with a folder of its own. */
export interface TestShell extends AsyncDisposable {
  /** Its working and home folder. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a line to its end, in bash unless another shell is named. */
  run(line: string, shell?: string): Promise<ShellResult>;
}

export async function openTestShell(): Promise<TestShell> {
  const folder = await tempFolder();
  const program = programCommand().map((word) => `'${word}'`).join(" ");
  for (const name of ["forsun", "forsund"]) {
    const script = `#!/bin/bash\nexec -a ${name} ${program} "$@"\n`;
    await Deno.writeTextFile(join(folder.path, name), script, { mode: 0o755 });
  }
  const env = {
    PATH: `${folder.path}:${Deno.env.get("PATH") ?? ""}`,
    HOME: folder.path,
    DENO_DIR: await denoFolder(),
    TZ: "Asia/Shanghai",
    NO_COLOR: "1",
    TERM: "xterm",
  };
  return {
    folder: folder.path,
    env,
    async run(line, shell = "bash") {
      const { code, stdout, stderr } = await new Deno.Command(shell, {
        args: ["-c", line],
        cwd: folder.path,
        clearEnv: true,
        env,
        stdin: "null",
      }).output();
      const decoder = new TextDecoder();
      return {
        status: code,
        stdout: decoder.decode(stdout),
        stderr: decoder.decode(stderr),
      };
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Where the runtime keeps what it has downloaded, which another HOME would hide. */
async function denoFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

import assert from "node:assert/strict";
import { join } from "node:path";
import { version } from "../../src/version.ts";
import { stillClock } from "../support/still_clock.ts";
import { startTestDaemon } from "../support/test_daemon.ts";
import { runInProcess } from "./in_process.ts";
import {
  keys,
  openPseudoTerminal,
  type PseudoTerminal,
} from "./pseudo_terminal.ts";
import { openTestShell, type TestShell } from "./shell.ts";

const clock = stillClock("2026-11-23T08:31:55Z");
const greeting = `Welcome to forsun ${version}\r\nType 'help' for help\r\n\r\n`;
const prompt = "forsun> ";
const plan =
  `2026-11-23 16:40:15+08:00 order:1 */500/1 * * * * * shell "cmd='ls'"`;

function openPrompt({ folder, env }: TestShell, port: number): PseudoTerminal {
  const command = [join(folder, "forsun"), "--port", String(port)];
  return openPseudoTerminal(command, { env, cwd: folder });
}

/** Types a line; gives what is shown up to the next prompt. */
async function enter(terminal: PseudoTerminal, line: string): Promise<string> {
  await terminal.type(line);
  const typed = await terminal.until(line);
  await terminal.type(keys.enter);
  return typed + await terminal.until(prompt);
}

Deno.test("the prompt greets, completes, recalls and leaves", async () => {
  await using daemon = await startTestDaemon({ clock });
  const { port } = daemon;
  await using shell = await openTestShell();
  await runInProcess(["set order:1 */500 * * * * * shell ls"], { port });
  const history = join(shell.folder, ".forsun_history");
  {
    await using terminal = openPrompt(shell, port);
    assert.equal(await terminal.until(prompt), greeting + prompt);
    await terminal.type(`ge${keys.tab}`);
    await terminal.until("get ");
    await terminal.type(`o${keys.tab}`);
    await terminal.until("order:1 ");
    await terminal.type(keys.enter);
    assert.match(
      await terminal.until(prompt),
      new RegExp(escape(`\n${plan}\r\n\r\n${prompt}`)),
    );
    await terminal.type(keys.up);
    assert.equal(await terminal.until("get order:1 "), `${prompt}get order:1 `);
    await terminal.type(keys.ctrlC);
    await terminal.until(prompt);
    await terminal.type(keys.ctrlD);
    assert.equal(await terminal.until("\n"), "\r\n");
    assert.equal(await terminal.status, 0);
  }
  assert.equal(await Deno.readTextFile(history), "get order:1 \n");
  assert.equal(((await Deno.stat(history)).mode ?? 0) & 0o777, 0o600);
  await using terminal = openPrompt(shell, port);
  await terminal.until(prompt);
  await terminal.type(keys.up);
  await terminal.until("get order:1 ");
  await terminal.type(keys.enter);
  await terminal.until(prompt);
  await terminal.type(`exit${keys.enter}`);
  assert.equal(await terminal.status, 0);
});

Deno.test("the prompt drops a line or interrupts a command at Ctrl-C, and stays at Ctrl-Z", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  const accepted: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const socket of silent) accepted.push(socket);
  })();
  await using shell = await openTestShell();
  {
    await using terminal = openPrompt(shell, port);
    await terminal.until(prompt);
    await terminal.type("rm everything");
    await terminal.until("rm everything");
    await terminal.type(keys.ctrlC);
    assert.equal(await terminal.until(prompt), `\r\r\n${prompt}`);
    await terminal.type(`ls; ls${keys.enter}`);
    await terminal.until("\n");
    await terminal.type(keys.ctrlC);
    assert.equal(
      await terminal.until(prompt),
      `forsun: interrupted\r\n\r\n${prompt}`,
    );
    // All at once: the line has not begun to run when the key is seen.
    await terminal.type(`ls; ls${keys.enter}${keys.ctrlC}`);
    assert.match(
      await terminal.until(prompt),
      /forsun: interrupted\r\n\r\nforsun> $/,
    );
    await terminal.type(keys.ctrlZ);
    assert.match(
      await enter(terminal, "version"),
      new RegExp(`\n${version}\r\n`),
    );
    await terminal.type(keys.ctrlD);
    assert.equal(await terminal.status, 0);
  }
  silent.close();
  await accepting;
  for (const socket of accepted) socket.close();
});

Deno.test("the prompt lives through the loss of its daemon", async () => {
  const { port } = await (async () => {
    await using daemon = await startTestDaemon({ clock });
    return { port: daemon.port };
  })();
  await using shell = await openTestShell();
  await using terminal = openPrompt(shell, port);
  const away =
    `forsun: Cannot connect to 127.0.0.1:${port}: Connection refused (os error 111)\r\n`;
  assert.equal(await terminal.until(prompt), greeting + away + prompt);
  assert((await enter(terminal, "ls")).endsWith(`\n${away}\r\n${prompt}`));
  const set = "set order:1 */500 * * * * * shell ls";
  for (let round = 0; round < 2; round++) {
    await using _daemon = await startTestDaemon({
      clock,
      flags: { port: String(port) },
    });
    assert((await enter(terminal, set)).endsWith(`\n${plan}\r\n\r\n${prompt}`));
    assert((await enter(terminal, "rm order:1")).includes("\nsuccess\r\n"));
  }
  assert((await enter(terminal, "ls")).includes("\nforsun: "));
  await terminal.type(keys.ctrlD);
  assert.equal(await terminal.status, 0);
});

Deno.test("the prompt reads a pipe to its end, without escape codes or a history", async () => {
  await using daemon = await startTestDaemon({ clock });
  await using shell = await openTestShell();
  const forsun = `forsun --port ${daemon.port}`;
  const set = "set order:1 */500 * * * * * shell ls";
  const heading = greeting.replaceAll("\r", "");
  const answers = [
    `${heading}${prompt}${plan}\n\n`,
    `${prompt}\n${prompt}`,
    `${prompt}${version}\n\n`,
    `${prompt}\n`,
  ];
  for (const end of ["", "\\n"]) {
    const result = await shell.run(
      `printf '${set}\\nget x\\n\\nversion${end}' | ${forsun}`,
    );
    assert.deepEqual(result, {
      status: 0,
      stdout: answers.join(""),
      stderr: 'forsun: No plan has the key "x" (error 1003)\n',
    });
  }
  const left = await shell.run(`printf 'exit\\nls\\n' | ${forsun}`);
  assert.equal(left.stdout, `${heading}${prompt}`);
  assert.equal(left.status, 0);
  const names: string[] = [];
  for await (const { name } of Deno.readDir(shell.folder)) names.push(name);
  assert.deepEqual(names.sort(), ["forsun", "forsund"]);
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

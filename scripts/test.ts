/**
 * Runs the tests, after having installed the Debian packages that they talk to
 * where that is possible. What is missing is named, and its tests are skipped;
 * with FORSUN_REQUIRE_SERVICES=1 they fail instead. Arguments go to `deno test`.
 */
import { join } from "node:path";

const root = join(import.meta.dirname ?? ".", "..");

/** Files by which to tell that a package is installed. */
const packages: Readonly<Record<string, string>> = {
  "redis-server": "/usr/bin/redis-server",
  "mariadb-server": "/usr/sbin/mariadbd",
  beanstalkd: "/usr/bin/beanstalkd",
  lighttpd: "/usr/sbin/lighttpd",
  "python3-thrift": "/usr/lib/python3/dist-packages/thrift/__init__.py",
  "thrift-compiler": "/usr/bin/thrift",
  "python3-msgpack": "/usr/lib/python3/dist-packages/msgpack/__init__.py",
  "nats-server": "/usr/sbin/nats-server",
  "php-curl": "/etc/php/8.2/mods-available/curl.ini",
  curl: "/usr/bin/curl",
  faketime: "/usr/bin/faketime",
  openssl: "/usr/bin/openssl",
  "php-cli": "/usr/bin/php",
  "python3-yaml": "/usr/lib/python3/dist-packages/yaml/__init__.py",
  systemd: "/usr/bin/systemd-analyze",
  zsh: "/usr/bin/zsh",
  fish: "/usr/bin/fish",
  gcc: "/usr/bin/gcc",
  "libc6-dev": "/usr/include/stdlib.h",
};

function say(line: string): void {
  // deno-lint-ignore no-console -- a script for people
  console.error(line);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

async function missingPackages(): Promise<string[]> {
  const missing: string[] = [];
  for (const [name, path] of Object.entries(packages)) {
    if (!await isThere(path)) missing.push(name);
  }
  return missing;
}

async function run(command: string, ...args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command(command, {
    args,
    cwd: root,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success;
}

/** Installs packages as root on a Debian system; says what it does. */
async function install(names: readonly string[]): Promise<void> {
  if (Deno.uid() !== 0 || !await isThere("/usr/bin/apt-get")) return;
  say(`Installing ${names.join(", ")}`);
  const install = ["install", "-y", "-qq", "--no-install-recommends"];
  if (await run("apt-get", ...install, ...names)) return;
  if (await run("apt-get", "update", "-qq")) {
    await run("apt-get", ...install, ...names);
  }
}

if (import.meta.main) {
  const missing = await missingPackages();
  if (missing.length > 0) await install(missing);
  for (const name of await missingPackages()) {
    say(`Not installed, tests that need it are skipped: ${name}`);
  }
  // Some tests start the program with an environment too bare to download anything.
  const isCached = await run(Deno.execPath(), "cache", "--quiet", "main.ts");
  if (!isCached) Deno.exit(1);
  const args = Deno.args.length > 0 ? Deno.args : ["tests"];
  const passed = await run(Deno.execPath(), "test", "-A", ...args);
  Deno.exit(passed ? 0 : 1);
}

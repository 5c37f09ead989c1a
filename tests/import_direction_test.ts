import assert from "node:assert/strict";
import { join, relative } from "node:path";

const root = join(import.meta.dirname ?? ".", "..");

/**
 * Which folder of src/ may import from which; a file stands for itself alone.
 * Files outside src/ and in its root are listed by their names.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  telemetry: ["core"],
  store: ["core"],
  action: [
    "core",
    // Redis commands are quoted as in the command language.
    "command/tokenizer.ts",
    // The thrift action speaks what the daemon speaks; these import core alone.
    ...["thrift/binary_writer.ts", "thrift/byte_socket.ts"],
    "thrift/forsun_call.ts",
    ...["thrift/message_socket.ts", "thrift/protocol.ts"],
    "thrift/thrift_type.ts",
  ],
  access: ["core"],
  net: ["core"],
  command: ["core"],
  config: ["core"],
  scheduler: ["core", "telemetry", "store/store.ts", "action/action.ts"],
  service: [
    "core",
    "telemetry",
    "store/store.ts",
    "action/action.ts",
    "version.ts",
  ],
  extension: [
    ...["core", "store/store.ts", "version.ts"],
    ...["action.ts", "clip_text.ts", "params.ts", "timer_lists.ts"].map((
      name,
    ) => `action/${name}`),
  ],
  thrift: ["access", "core", "telemetry", "service"],
  migration: ["core"],
  http: [
    "access",
    "core",
    "command",
    "net",
    "telemetry",
    "service",
    "store/store.ts",
    "version.ts",
  ],
  cli: [
    "core",
    "command",
    "config",
    "migration",
    "telemetry",
    "thrift",
    "version.ts",
    ...["daemon/check_config.ts", "daemon/run_daemon.ts"],
  ],
  client: ["core", "thrift"],
  "version.ts": [],
  daemon: [
    ...["access", "action", "config", "core", "extension", "http"],
    ...["migration", "net", "scheduler", "service", "store", "telemetry"],
    ...["thrift", "version.ts"],
  ],
  "main.ts": ["cli"],
  "mod.ts": ["action", "client", "core", "extension", "store"],
};

interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/** Files of the program, each with those it imports, types included. */
async function readImports(): Promise<Map<string, string[]>> {
  const imports = new Map<string, string[]>();
  for (const entry of ["main.ts", "mod.ts"]) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", entry],
      cwd: root,
      stderr: "inherit",
    }).output();
    const graph: ModuleGraph = JSON.parse(new TextDecoder().decode(stdout));
    for (const { specifier, dependencies = [] } of graph.modules) {
      if (!isOurs(specifier)) continue;
      const targets = dependencies
        .map(({ code, type }) => code?.specifier ?? type?.specifier ?? "")
        .filter(isOurs);
      imports.set(pathOf(specifier), targets.map(pathOf));
    }
  }
  return imports;
}

function isOurs(specifier: string): boolean {
  return specifier.startsWith(`file://${root}/`) &&
    !specifier.endsWith("deno.json");
}

function pathOf(specifier: string): string {
  return relative(root, new URL(specifier).pathname).replace(/^src\//, "");
}

function layerOf(path: string): string {
  return path.split("/")[0];
}

Deno.test("imports go the way that the architecture says", async () => {
  const wrong: string[] = [];
  for (const [path, targets] of await readImports()) {
    const layer = layerOf(path);
    const rule = allowed[layer];
    assert.ok(rule !== undefined, `no rule for ${path}`);
    for (const target of targets) {
      const isAllowed = layerOf(target) === layer ||
        rule.includes(layerOf(target)) || rule.includes(target);
      if (!isAllowed) wrong.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("imports have no cycles", async () => {
  const imports = await readImports();
  const done = new Set<string>();
  function visit(path: string, above: readonly string[]): void {
    const start = above.indexOf(path);
    assert.equal(start, -1, [...above.slice(start), path].join(" -> "));
    if (done.has(path)) return;
    for (const target of imports.get(path) ?? []) {
      visit(target, [...above, path]);
    }
    done.add(path);
  }
  visit("main.ts", []);
  visit("mod.ts", []);
  assert.ok(done.size > 50);
});

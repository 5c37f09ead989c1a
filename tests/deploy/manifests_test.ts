import assert from "node:assert/strict";
import { join } from "node:path";
import { user } from "../../scripts/root_folder.ts";
import { loadConfig } from "../../src/config/load_config.ts";
import { testWith } from "../support/services.ts";
import { canReadYaml, readYaml } from "./read_yaml.ts";

const root = join(import.meta.dirname ?? ".", "../..");
const needed = { "python3-yaml": canReadYaml };

/** As far as the tests look into it. */
interface Compose {
  readonly services: Record<string, {
    readonly environment?: Record<string, string>;
    readonly depends_on?: Record<string, unknown>;
    readonly ports?: readonly string[];
    readonly volumes?: readonly string[];
  }>;
  readonly volumes: Record<string, unknown>;
}

interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
  // deno-lint-ignore no-explicit-any -- each kind has its own
  readonly spec?: any;
  readonly data?: Record<string, string>;
}

testWith(
  needed,
  "deploy/compose.yaml starts a daemon with options that exist, on a Redis that it waits for",
  async () => {
    const [compose] = await readYaml(join(root, "deploy/compose.yaml")) as [
      Compose,
    ];
    const { forsun, redis } = compose.services;
    const asked = new Set<string>();
    const { config, warnings } = loadConfig({
      flags: new Map(),
      environment(name) {
        asked.add(name);
        return forsun.environment?.[name];
      },
      file: undefined,
    });
    for (const name of Object.keys(forsun.environment ?? {})) {
      assert(asked.has(name), `${name} is no option`);
    }
    assert.deepEqual(warnings, []);
    assert.equal(config.driver, "redis");
    assert(Object.hasOwn(forsun.depends_on ?? {}, "redis"));
    for (const port of forsun.ports ?? []) assert.match(port, /^127\.0\.0\.1:/);
    for (const volume of redis.volumes ?? []) {
      assert(Object.hasOwn(compose.volumes, volume.split(":")[0]));
    }
  },
);

testWith(
  needed,
  "deploy/kubernetes names ports, volumes and labels that are there, and a configuration that is right",
  async () => {
    const path = join(root, "deploy/kubernetes/forsun.yaml");
    const manifests = await readYaml(path) as Manifest[];
    const one = (kind: string): Manifest => {
      const found = manifests.filter((manifest) => manifest.kind === kind);
      assert.equal(found.length, 1, kind);
      return found[0];
    };
    const { spec } = one("StatefulSet");
    const pod = spec.template.spec;
    const [container] = pod.containers;
    const labels = spec.template.metadata.labels;
    assert.deepEqual(spec.selector.matchLabels, labels);
    assert.deepEqual(one("Service").spec.selector, labels);
    assert.deepEqual(one("NetworkPolicy").spec.podSelector.matchLabels, labels);
    assert.equal(pod.securityContext.runAsUser, user.uid);
    // Names of services would become names of options.
    assert.equal(pod.enableServiceLinks, false);

    const names = (list: readonly { readonly name: string }[]) =>
      list.map(({ name }) => name);
    const ports = names(container.ports);
    for (const { targetPort } of one("Service").spec.ports) {
      assert(ports.includes(targetPort));
    }
    const probes = ["startupProbe", "livenessProbe", "readinessProbe"] as const;
    assert.deepEqual(
      probes.map((probe) => container[probe].httpGet),
      ["/healthz", "/healthz", "/readyz"].map((path) => ({
        path,
        port: "http",
      })),
    );
    const volumes = [
      ...names(pod.volumes),
      ...spec.volumeClaimTemplates.map((it: Manifest) => it.metadata.name),
    ];
    assert.deepEqual(names(container.volumeMounts).sort(), volumes.sort());

    const text = one("ConfigMap").data?.["forsun.conf"] ?? "";
    const { config, warnings } = loadConfig({
      flags: new Map(),
      environment: () => undefined,
      file: { path: "forsun.conf", text },
    });
    assert.deepEqual(warnings, []);
    assert(pod.terminationGracePeriodSeconds > 2 * config.shutdownSeconds);
    assert.equal(config.port, container.ports[0].containerPort);
    assert.equal(config.httpBind?.port, container.ports[1].containerPort);
    const plans = container.volumeMounts.find((it: { name: string }) =>
      it.name === "plans"
    );
    assert(config.memStoreFile.startsWith(`${plans.mountPath}/`));
  },
);

Deno.test("Dockerfile copies what .dockerignore lets in, and all of that", async () => {
  const lines = async (name: string) =>
    (await Deno.readTextFile(join(root, name))).split("\n");
  const copied = (await lines("Dockerfile"))
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(" ").slice(1, -1));
  const letIn = (await lines(".dockerignore"))
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));
  assert.deepEqual(copied.sort(), letIn.sort());
  for (const path of copied) await Deno.stat(join(root, path));
});

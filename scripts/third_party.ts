/**
 * What of others is compiled into the program. Without an argument, writes
 * THIRD_PARTY.md, the packages with their licences; with the argument `sbom`,
 * prints a software bill of materials (CycloneDX 1.5, JSON).
 */
import { join } from "node:path";
import { version } from "../src/version.ts";

const root = join(import.meta.dirname ?? ".", "..");

/** A package, as it is compiled in. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly licence: string;
  readonly licenceText: string;
  /** Base64 of the SHA-512 of its archive, as the lock file has it. */
  readonly sha512: string;
  readonly dependencies: readonly string[];
}

interface ModuleInfo {
  readonly npmPackages: Readonly<
    Record<string, {
      readonly name: string;
      readonly version: string;
      readonly dependencies: readonly string[];
      readonly localPath: string;
    }>
  >;
}

/** The packages that main.ts needs, directly or not, in the order of their names. */
export async function readPackages(): Promise<readonly Package[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "main.ts"],
    cwd: root,
    stderr: "inherit",
  }).output();
  const info: ModuleInfo = JSON.parse(new TextDecoder().decode(stdout));
  const lock = JSON.parse(await Deno.readTextFile(join(root, "deno.lock")));
  const packages = new Map<string, Package>();
  for (const [id, found] of Object.entries(info.npmPackages)) {
    const { name, version, localPath: folder } = found;
    const text = await Deno.readTextFile(join(folder, "package.json"));
    const integrity: string = lock.npm[id]?.integrity ?? "";
    packages.set(`${name}@${version}`, {
      name,
      version,
      licence: licenceOf(JSON.parse(text)),
      licenceText: await readLicence(folder),
      sha512: integrity.replace(/^sha512-/, ""),
      dependencies: found.dependencies.map(plainId),
    });
  }
  return [...packages.values()].sort((one, other) =>
    `${one.name}@${one.version}` < `${other.name}@${other.version}` ? -1 : 1
  );
}

/** THIRD_PARTY.md. */
export function thirdPartyText(packages: readonly Package[]): string {
  const rows = packages.map(({ name, version, licence }) =>
    `| ${name} | ${version} | ${licence} |`
  );
  const texts = new Map<string, string[]>();
  for (const { name, licenceText } of packages) {
    if (licenceText === "") continue;
    texts.set(licenceText, [...texts.get(licenceText) ?? [], name]);
  }
  const licences = [...texts].map(([text, names]) =>
    `## ${[...new Set(names)].join(", ")}\n\n${
      text.replace(/^/gm, "    ").replace(/[ \t]+$/gm, "")
    }`
  );
  return [
    "# Third parties",
    `What is compiled into forsun besides its own code: the Deno runtime (MIT) with V8
(BSD-3-Clause) and what they are made of, and these packages. \`deno task
licences\` writes this file.`,
    ["| package | version | licence |", "| --- | --- | --- |", ...rows]
      .join("\n"),
    ...licences,
  ].join("\n\n") + "\n";
}

/** The bill of materials. It says nothing of when it was made: the same source, the same bill. */
export function billOfMaterials(packages: readonly Package[]): unknown {
  const refOf = (id: string) => {
    const at = id.lastIndexOf("@");
    const name = id.slice(0, at).replace(/^@/, "%40");
    return `pkg:npm/${name}@${id.slice(at + 1)}`;
  };
  const own = `pkg:generic/forsun@${version}`;
  const runtime = `pkg:generic/deno@${Deno.version.deno}`;
  const refs = packages.map(({ name, version }) => refOf(`${name}@${version}`));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": own,
        name: "forsun",
        version,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [
      {
        type: "framework",
        "bom-ref": runtime,
        name: "deno",
        version: Deno.version.deno,
        licenses: [{ license: { id: "MIT" } }],
      },
      ...packages.map(({ name, version, licence, sha512 }, index) => ({
        type: "library",
        "bom-ref": refs[index],
        name,
        version,
        purl: refs[index],
        licenses: [{ expression: licence }],
        hashes: [{
          alg: "SHA-512",
          content: Uint8Array.fromBase64(sha512).toHex(),
        }],
      })),
    ],
    dependencies: [
      { ref: own, dependsOn: [runtime, ...refs] },
      ...packages.map(({ dependencies }, index) => ({
        ref: refs[index],
        dependsOn: [...new Set(dependencies.map(refOf))]
          .filter((ref) => refs.includes(ref)),
      })),
    ],
  };
}

/** A package's name and version, without the peers that it was resolved with. */
function plainId(id: string): string {
  return /^(@?[^@]+@[^_]+)/.exec(id)?.[1] ?? id;
}

function licenceOf(
  { license, licenses }: {
    readonly license?: string | { readonly type?: string };
    readonly licenses?: readonly { readonly type?: string }[];
  },
): string {
  const given = typeof license === "object" ? license.type : license;
  return given ?? licenses?.map(({ type }) => type).join(" OR ") ?? "unknown";
}

async function readLicence(folder: string): Promise<string> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && /^(licen[cs]e|copying|notice)/i.test(name)) names.push(name);
  }
  const texts = names.sort().map((name) =>
    Deno.readTextFile(join(folder, name))
  );
  return (await Promise.all(texts)).map((text) =>
    text.replace(/\r\n/g, "\n").trim()
  ).join("\n\n");
}

if (import.meta.main) {
  const packages = await readPackages();
  if (Deno.args[0] === "sbom") {
    const text = JSON.stringify(billOfMaterials(packages), undefined, 2);
    await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
  } else {
    const path = join(root, "THIRD_PARTY.md");
    await Deno.writeTextFile(path, thirdPartyText(packages));
  }
}

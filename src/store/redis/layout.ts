import type { RedisLink } from "./link.ts";

/** How plans are laid out in Redis; the first node decides. */
export interface Layout {
  readonly version: number;
  readonly partitions: number;
}

/**
 * The layout that is there, or else this node's.
 * @throws {Error} when a later version has laid it out
 */
export async function agreeOnLayout(
  link: RedisLink,
  key: string,
  partitions: number,
): Promise<Layout> {
  const own: Layout = { version: layoutVersion, partitions };
  await link.call("set", key, JSON.stringify(own), "NX");
  const text = String(await link.call("get", key));
  const found = JSON.parse(text) as Partial<Layout>;
  if (found.version !== layoutVersion || !Number.isInteger(found.partitions)) {
    throw new Error(
      `Cannot use the plans in Redis: ${key} is ${text}, and this version knows version ${layoutVersion} only`,
    );
  }
  return found as Layout;
}

const layoutVersion = 1;

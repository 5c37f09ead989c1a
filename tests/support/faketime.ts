const paths = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

/** The library that lets a test set a process's clock; undefined where it is not installed. */
export async function findFaketime(): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await Deno.stat(path);
      return path;
    } catch {
      // Debian puts it elsewhere on other machines.
    }
  }
  if (Deno.env.get("FORSUN_REQUIRE_SERVICES") === "1") {
    throw new Error("The package faketime is not installed");
  }
  return undefined;
}

/**
 * What HTTP lacks on that version of Deno, to be warned of; undefined from the
 * first one on whose node:http has it.
 */
export function runtimeGaps(version: string): string | undefined {
  const [major, minor] = version.split(".").map(Number);
  if (major > 2 || (major === 2 && minor >= 8)) return undefined;
  return `http_max_connections, http_head_seconds, http_idle_seconds and the counts of HTTP connections have no effect on Deno ${version}, they need 2.8`;
}

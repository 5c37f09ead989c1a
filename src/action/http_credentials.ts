import type { ParamReader } from "./params.ts";

/** Who calls, for servers that ask. */
export interface Credentials {
  readonly mode: "basic" | "digest";
  readonly username: string;
  readonly password: string;
}

/**
 * Reads auth_username, auth_password and auth_mode. Without auth_username, the
 * `user:password@` of the URL counts. Undefined when there is neither.
 * @throws {ForsunError} 1007
 */
export function readCredentials(
  read: ParamReader,
  url: URL,
): Credentials | undefined {
  const mode = read.choice("auth_mode", ["basic", "digest"]) ?? "basic";
  const { username, password } = read.optional("auth_username")
    ? {
      username: read.required("auth_username"),
      password: read.optional("auth_password") ?? "",
    }
    : { username: decoded(url.username), password: decoded(url.password) };

  if (username === "") {
    // A password that nobody would ever see is a mistake.
    if (read.optional("auth_password")) read.required("auth_username");
    return undefined;
  }
  const controls = "must not hold control characters";
  if (hasControls(username)) {
    throw read.refusal("auth_username", controls, username);
  }
  if (hasControls(password)) throw read.refusal("auth_password", controls);
  if (mode === "basic" && username.includes(":")) {
    const colon = "must not hold a colon with auth_mode basic";
    throw read.refusal("auth_username", colon, username);
  }
  return { mode, username, password };
}

/** The Authorization header of RFC 7617, in UTF-8. */
export function basicAuthorization(
  { username, password }: Credentials,
): string {
  return `Basic ${
    new TextEncoder().encode(`${username}:${password}`).toBase64()
  }`;
}

function decoded(component: string): string {
  try {
    return decodeURIComponent(component);
  } catch {
    return component; // not percent-encoded after all
  }
}

function hasControls(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\x00-\x1f\x7f]/.test(text);
}

/** What a client may do; each role may also do what those before it may. */
export const roles = ["read", "write", "admin"] as const;

/**
 * `read` looks at plans, `write` creates and removes them, `admin` sees the
 * secrets in them and steers the daemon.
 */
export type Role = typeof roles[number];

/** Whether who has the role `role` may do what `needed` is needed for. */
export function mayDo(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

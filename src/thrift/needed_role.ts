import type { Role } from "../access/role.ts";
import type { ThriftHandler } from "./generated.ts";

/** The role that each method needs; undefined needs none. */
export const neededRole: Readonly<
  Record<keyof ThriftHandler, Role | undefined>
> = {
  ping: undefined,
  create: "write",
  createTimeout: "write",
  remove: "write",
  get: "read",
  getCurrent: "read",
  getTime: "read",
  getKeys: "read",
  forsun_call: undefined,
  info: "read",
  createCron: "write",
  inspect: "read",
  getPlans: "read",
  getDuePlans: "read",
  restore: "write",
  auth: undefined,
  getNodes: "read",
};

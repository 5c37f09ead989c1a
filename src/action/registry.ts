import type { Action } from "./action.ts";
import { type BeanstalkOptions, createBeanstalkAction } from "./beanstalk.ts";
import { createHttpAction, type HttpOptions } from "./http.ts";
import { createMysqlAction, type MysqlOptions } from "./mysql.ts";
import { createRedisAction, type RedisOptions } from "./redis.ts";
import { createShellAction, type ShellOptions } from "./shell.ts";
import { createThriftAction, type ThriftOptions } from "./thrift.ts";

/** What each built-in action is made from. */
export interface ActionOptions {
  readonly shell: ShellOptions;
  readonly http: HttpOptions;
  readonly thrift: ThriftOptions;
  readonly redis: RedisOptions;
  readonly beanstalk: BeanstalkOptions;
  readonly mysql: MysqlOptions;
}

/** The actions that come with forsun, by their canonical names. */
export const builtInActions = {
  shell: ({ shell }) => createShellAction(shell),
  http: ({ http }) => createHttpAction(http),
  thrift: ({ thrift }) => createThriftAction(thrift),
  redis: ({ redis }) => createRedisAction(redis),
  beanstalk: ({ beanstalk }) => createBeanstalkAction(beanstalk),
  mysql: ({ mysql }) => createMysqlAction(mysql),
} satisfies Record<string, (options: ActionOptions) => Action>;

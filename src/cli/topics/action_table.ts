/** What there is to say about an action. */
export interface ActionTopic {
  readonly about: string;
  /** What each param means, by its name; those that have to be there end in `!`. */
  readonly params: Readonly<Record<string, string>>;
}

const address = (port: number) => ({
  host: "127.0.0.1 when it is not given",
  port: `${port} when it is not given`,
});
const reply = { reply_timeout: "seconds for the reply, [reply_timeout]" };

/** The built-in actions; `[key]` stands for the default that the configuration has under that key. */
export const actionTable: Readonly<Record<string, ActionTopic>> = {
  shell: {
    about:
      "runs /bin/sh -c cmd, with PATH, HOME, LANG, FORSUN_KEY, FORSUN_TIMESTAMP; also sh, bash",
    params: {
      "cmd!": "the command; PARAMS without cmd= is taken whole",
      cwd: "its folder, [shell_cwd]",
      env: "more of its environment, a=1;b=2",
      timeout: "seconds after which all of it is killed, [shell_timeout]",
    },
  },
  http: {
    about:
      "sends a request, with X-Forsun-Key, X-Forsun-Timestamp and X-Forsun-Attempt",
    params: {
      "url!": "http:// or https://; PARAMS without url= is taken whole",
      method: "get, post, put, delete or head; get",
      body: "of post, put and delete",
      header_NAME: "the header NAME",
      auth_username: "with auth_password, for a server that asks who it is",
      auth_password: "",
      auth_mode: "basic or digest; basic",
      user_agent: "[http_user_agent], or forsun and its version",
      connect_timeout: "seconds, [http_connect_timeout]",
      request_timeout: "seconds for all of it, [http_request_timeout]",
    },
  },
  redis: {
    about: "sends commands to a Redis",
    params: {
      ...address(6379),
      "command!": "one or several, with ; between them",
      selected_db: "0",
      password: "",
      max_connections: "to that server; the first plan's counts",
      ...reply,
    },
  },
  mysql: {
    about: "runs SQL in one transaction",
    params: {
      ...address(3306),
      "sql!": "one statement or several, with ; between them",
      db: "mysql",
      user: "[mysql_user]",
      passwd: "[mysql_passwd]",
      max_connections: "to that server, [mysql_max_connections]",
      ...reply,
    },
  },
  beanstalk: {
    about: "puts a job into a tube",
    params: {
      ...address(11_300),
      "body!": "of the job",
      name: "the tube, default",
      ...reply,
    },
  },
  thrift: {
    about: "calls forsun_call(key, timestamp, params) of a Thrift server",
    params: {
      ...address(5643),
      max_connections: "to that server, [thrift_max_connections]",
      ...reply,
    },
  },
};

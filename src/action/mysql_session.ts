import type { Connection, createConnection } from "mysql2";
import type { Socket } from "node:net";
import type { PooledConnection } from "./connection_pool.ts";
import { mysqlConnectFailure, mysqlFailure } from "./mysql_failure.ts";
import type { MysqlTarget } from "./mysql_params.ts";
import { showAddress } from "./server_address.ts";
import { noReplyWithin } from "./server_failure.ts";
import type { TimerLists } from "./timer_lists.ts";
import { within } from "../core/within.ts";

export interface MysqlSessionOptions {
  readonly target: MysqlTarget;
  readonly connectTimeoutMs: number;
  readonly timers: TimerLists;
  /** Is called whenever it is free again, and at the end. */
  onChange(): void;
}

/** What statements did. */
export interface MysqlCounts {
  /** Rows that were inserted, changed or removed. */
  affected: number;
  /** Rows that were returned; they are not kept. */
  returned: number;
}

/** A connection to a MySQL or MariaDB server, for one transaction at a time. */
export class MysqlSession implements PooledConnection {
  readonly isProven = true;
  readonly wasIgnored = false;
  readonly #connection: Connection;
  readonly #options: MysqlSessionOptions;
  readonly #server: string;
  #isBusy = false;
  #endedBy: Error | undefined;
  /** Fails the statement that is being executed. */
  #fail: (reason: Error) => void = () => {};

  private constructor(connection: Connection, options: MysqlSessionOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#server = showAddress(options.target.address);
    connection.on("error", (error) => this.#end(error));
  }

  /** Connects and logs in; rejects with a ServerFailure. */
  static async open(options: MysqlSessionOptions): Promise<MysqlSession> {
    const { connectTimeoutMs: timeoutMs, target } = options;
    const connection = await connect(target, timeoutMs);
    const session = new MysqlSession(connection, options);
    try {
      await new Promise<void>((resolve, reject) => {
        connection.connect((error) => error ? reject(error) : resolve());
      });
      return session;
    } catch (error) {
      session.#end(new Error("it was not connected"));
      throw mysqlConnectFailure(error, { server: session.#server, timeoutMs });
    }
  }

  get room(): number {
    return this.#isBusy || this.#endedBy !== undefined ? 0 : 1;
  }

  get endedBy(): Error | undefined {
    return this.#endedBy;
  }

  /**
   * Runs `sql`, one statement or several, in a transaction and commits it. When
   * anything fails nothing of it stays, as far as the server's tables can be
   * rolled back. Rejects with a ServerFailure.
   */
  async transact(sql: string, timeoutMs: number): Promise<MysqlCounts> {
    this.#isBusy = true;
    const cancel = this.#options.timers.after(
      timeoutMs,
      () => this.#giveUp(timeoutMs),
    );
    try {
      const counts = await this.#query(`${opening}${sql}`);
      await this.#query("COMMIT");
      return counts;
    } catch (error) {
      // Without the connection the server does so by itself.
      await this.#query("ROLLBACK").catch((reason) => this.#end(reason));
      throw mysqlFailure(error, this.#server);
    } finally {
      cancel();
      this.#reset(timeoutMs);
    }
  }

  /** Takes its leave if it can; servers note others as aborted. */
  async close(): Promise<void> {
    const reason = new Error("it is not used any more");
    if (this.#isBusy || this.#endedBy !== undefined) return this.#end(reason);
    this.#endedBy = reason;
    const connection = this.#connection;
    const closed = new Promise((resolve) => {
      streamOf(connection).once("close", resolve);
    });
    connection.end();
    await within(leaveMs, closed);
    destroy(connection);
  }

  #query(sql: string): Promise<MysqlCounts> {
    return new Promise((resolve, reject) => {
      if (this.#endedBy !== undefined) return reject(this.#endedBy);
      this.#fail = reject;
      const counts = { affected: 0, returned: 0 };
      // Without a callback rows are handed over one by one, not collected.
      const query = this.#connection.query({ sql, rowsAsArray: true });
      query.on("result", (result: { affectedRows?: number } | unknown[]) => {
        if (Array.isArray(result)) counts.returned++;
        else counts.affected += result.affectedRows ?? 0;
      });
      query.on("error", reject);
      query.on("end", () => resolve(counts));
    });
  }

  /** Undoes what statements left behind: variables, locks, temporary tables, another database. */
  #reset(timeoutMs: number): void {
    if (this.#endedBy !== undefined) return;
    const cancel = this.#options.timers.after(
      timeoutMs,
      () => this.#giveUp(timeoutMs),
    );
    resettable(this.#connection).reset((error) => {
      cancel();
      if (error) return this.#end(error);
      this.#isBusy = false;
      this.#options.onChange();
    });
  }

  #giveUp(timeoutMs: number): void {
    this.#end(noReplyWithin(this.#server, timeoutMs));
    this.#kill().catch(() => {
      // It ends by itself at some time.
    });
  }

  /**
   * Ends what the server is doing for this connection; it would not notice by
   * itself. It gets as long to answer as to connect.
   */
  async #kill(): Promise<void> {
    const { threadId } = this.#connection;
    const { target, connectTimeoutMs } = this.#options;
    const other = await connect(target, connectTimeoutMs);
    const done = new Promise<void>((resolve) => {
      other.on("error", () => resolve());
      other.query(`KILL ${threadId}`, () => resolve());
    });
    await within(connectTimeoutMs, done);
    destroy(other);
  }

  #end(reason: Error): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = mysqlFailure(reason, this.#server);
    destroy(this.#connection);
    this.#fail(this.#endedBy);
    this.#options.onChange();
  }
}

/**
 * Loads the client's library, which takes longer than listing plans, but had
 * better not take that long when the first plan is due.
 */
export async function loadMysqlClient(): Promise<{
  readonly createConnection: typeof createConnection;
}> {
  return (await import("mysql2")).default;
}

/** What goes before a plan's statements, in one request with them. */
const opening = "SET NAMES utf8mb4;START TRANSACTION;";

async function connect(
  { address: { host, port }, database, user, password }: MysqlTarget,
  connectTimeout: number,
): Promise<Connection> {
  const { createConnection } = await loadMysqlClient();
  return createConnection({
    ...{ host, port, database, user, password, connectTimeout },
    charset: "utf8mb4",
    multipleStatements: true,
    // Nobody reads the rows.
    typeCast: false,
    disableEval: true,
    // No server gets to read our files.
    flags: ["-LOCAL_FILES"],
  });
}

/** mysql2's types lack it. */
function resettable(connection: Connection): {
  reset(done: (error: Error | null) => void): void;
} {
  return connection as unknown as ReturnType<typeof resettable>;
}

/** mysql2's own destroy() waits for the server to hang up. */
function destroy(connection: Connection): void {
  connection.destroy();
  streamOf(connection).destroy();
}

function streamOf(connection: Connection): Socket {
  return (connection as unknown as { readonly stream: Socket }).stream;
}

/** How long a server may take to hang up when it is told that it can. */
const leaveMs = 500;

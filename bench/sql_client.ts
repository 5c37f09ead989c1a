import mysql from "mysql2/promise";

/** A connection to a database server of a benchmark's, as root. */
export class SqlClient implements AsyncDisposable {
  readonly #connection: mysql.Connection;

  private constructor(connection: mysql.Connection) {
    this.#connection = connection;
  }

  static async connect(port: number): Promise<SqlClient> {
    const place = { host: "127.0.0.1", port, user: "root" };
    return new SqlClient(await mysql.createConnection(place));
  }

  /** The values of the first row, as text; none when there are no rows. */
  async ask(sql: string): Promise<string[]> {
    const query = { sql, rowsAsArray: true };
    const [rows] = await this.#connection.query(query);
    return Array.isArray(rows) ? (rows[0] as unknown[]).map(String) : [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.end();
  }
}

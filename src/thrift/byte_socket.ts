/** What is used of a connection; Deno.Conn is one. */
export interface ByteSocket {
  /** Resolves to how many bytes were put into `buffer`, null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Resolves to how many of the bytes were sent. */
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

import { join } from "node:path";
import type { Segment } from "./segment.ts";

/** The files of one store's segments. */
export class SegmentFiles {
  readonly #folder: string;
  readonly #open = new Map<number, Deno.FsFile>();
  /** Those whose files may end in what was refused. */
  readonly #uncut = new Set<Segment>();
  /** Those whose names the device has. */
  readonly #named = new Set<number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The numbers of the segments on disk, ascending. */
  async list(): Promise<number[]> {
    const numbers: number[] = [];
    for await (const entry of Deno.readDir(this.#folder)) {
      const match = /^(\d{10})\.journal$/.exec(entry.name);
      if (match !== null) numbers.push(Number(match[1]));
    }
    return numbers.sort((a, b) => a - b);
  }

  pathOf(number: number): string {
    return join(this.#folder, `${String(number).padStart(10, "0")}.journal`);
  }

  /**
   * Writes the segment's bytes from `flushed` up to `end`, and when `sync` asks
   * for it waits until the device has them. After a failure nothing of them is
   * in the file, as far as the file system still does what it is told; if it
   * doesn't, no other file is written before that is made up for.
   */
  async append(segment: Segment, end: number, sync: boolean): Promise<void> {
    for (const other of this.#uncut) {
      if (other !== segment) await this.cut(other);
    }
    const file = await this.#fileOf(segment);
    try {
      await writeAll(file, segment.bytes.subarray(segment.flushed, end));
      if (sync) await file.syncData();
      if (sync) await this.#syncName(segment);
    } catch (error) {
      await this.#cutBack(segment, file);
      throw error;
    }
  }

  /** Has the device keep what was appended, and the names of new files. */
  async sync(segment: Segment): Promise<void> {
    await this.#open.get(segment.number)?.syncData();
    await this.#syncName(segment);
  }

  /**
   * Cuts off what the segment's file has behind `flushed`, and waits until the
   * device has that.
   */
  async cut(segment: Segment): Promise<void> {
    const path = this.pathOf(segment.number);
    using file = await Deno.open(path, { write: true });
    if ((await file.stat()).size > segment.flushed) {
      await file.truncate(segment.flushed);
      await file.sync();
    }
    this.#uncut.delete(segment);
  }

  /** Whether a file may end in what was refused. */
  get isUncut(): boolean {
    return this.#uncut.size > 0;
  }

  /** As {@link cut}, for all files that may end in what was refused. */
  async cutAll(): Promise<void> {
    for (const segment of this.#uncut) await this.cut(segment);
  }

  /** Closes the segment's file; nothing more is appended to it. */
  close(segment: Segment): void {
    this.#open.get(segment.number)?.close();
    this.#open.delete(segment.number);
  }

  /** Removes the segment's file; resolves once the device has it that it is gone. */
  async remove(segment: Segment): Promise<void> {
    this.close(segment);
    try {
      await Deno.remove(this.pathOf(segment.number));
    } catch (error) {
      // Gone already, as when only the device could not be told before.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await this.#syncFolder();
    this.#named.delete(segment.number);
  }

  closeAll(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }

  /** The segment's file, opened and cut to what is known to be good when it was not open. */
  async #fileOf(segment: Segment): Promise<Deno.FsFile> {
    const open = this.#open.get(segment.number);
    if (open !== undefined) return open;
    const file = await Deno.open(this.pathOf(segment.number), {
      write: true,
      create: true,
      mode: 0o600,
    });
    try {
      await cutTo(file, segment.flushed);
    } catch (error) {
      file.close();
      throw error;
    }
    this.#uncut.delete(segment);
    this.#open.set(segment.number, file);
    return file;
  }

  async #cutBack(segment: Segment, file: Deno.FsFile): Promise<void> {
    try {
      await cutTo(file, segment.flushed);
    } catch {
      // Closed, it is cut again before anything else is written.
      this.#uncut.add(segment);
      this.close(segment);
    }
  }

  /** Makes the name of a new file durable, too (fsync(2), notes). */
  async #syncName({ number }: Segment): Promise<void> {
    if (this.#named.has(number)) return;
    await this.#syncFolder();
    this.#named.add(number);
  }

  async #syncFolder(): Promise<void> {
    using folder = await Deno.open(this.#folder);
    await folder.sync();
  }
}

async function cutTo(file: Deno.FsFile, length: number): Promise<void> {
  await file.truncate(length);
  await file.seek(length, Deno.SeekMode.Start);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written));
  }
}

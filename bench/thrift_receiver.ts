/**
 * A Thrift receiver that only counts: replies to each call of forsun_call, and
 * tells how many there were to whoever connects to the second of the two ports
 * that it prints.
 */
import { BinaryWriter } from "../src/thrift/binary_writer.ts";
import { MessageSplitter } from "../src/thrift/message_splitter.ts";
import { ReadBuffer } from "../src/thrift/read_buffer.ts";
import { SocketSender } from "../src/thrift/socket_sender.ts";
import { MessageType } from "../src/thrift/thrift_type.ts";
import { plainStyle } from "../src/thrift/wire_style.ts";
import { systemClock } from "../src/core/system_clock.ts";

const maxBytes = 1024 * 1024;
let count = 0;

async function serve(socket: Deno.TcpConn): Promise<void> {
  socket.setNoDelay(true);
  const sender = new SocketSender(socket, { clock: systemClock });
  const writer = new BinaryWriter({
    begin: () => sender.out,
    end: () => sender.sendSoon(),
  });
  const reader = plainStyle.createReader();
  const splitter = new MessageSplitter(maxBytes);
  const received = new ReadBuffer(maxBytes);
  for (;;) {
    const read = await socket.read(received.room());
    if (read === null) break;
    received.end += read;
    for (;;) {
      const { bytes, start, end } = received;
      const bounds = splitter.next(bytes, start, end);
      if (bounds === undefined) break;
      reader.start(bytes, bounds.start, bounds.end);
      const { fname, rseqid } = reader.readMessageBegin();
      received.start = bounds.end;
      count++;
      writer.writeMessageBegin(fname, MessageType.reply, rseqid);
      writer.writeFieldStop();
      writer.flush();
    }
  }
  socket.close();
}

async function tell(socket: Deno.TcpConn): Promise<void> {
  const question = new Uint8Array(1);
  while (await socket.read(question) !== null) {
    await socket.write(new TextEncoder().encode(`${count}\n`));
  }
  socket.close();
}

async function accept(
  listener: Deno.TcpListener,
  serve: (socket: Deno.TcpConn) => Promise<void>,
): Promise<void> {
  for await (const socket of listener) serve(socket).catch(() => {});
}

const calls = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const questions = Deno.listen({ hostname: "127.0.0.1", port: 0 });
accept(calls, serve);
accept(questions, tell);
Deno.stdout.writeSync(
  new TextEncoder().encode(`${calls.addr.port} ${questions.addr.port}\n`),
);

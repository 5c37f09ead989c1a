"""Leaves data as the first daemon did, packed by Python's own msgpack.

    old_daemon.py dump FILE      writes its dump
    old_daemon.py redis PORT     writes its keys into the Redis of 127.0.0.1

What to leave comes on standard input as JSON: plans, the state of keys by
second, and current_time.
"""

import json
import socket
import sys

import msgpack


def write_dump(path, data):
    plans = [msgpack.packb(plan) for plan in data["plans"]]
    time_plans = {
        int(second): list(states) for second, states in data["times"].items()
    }
    dump = {
        "plans": plans,
        "time_plans": time_plans,
        "current_time": data["current_time"],
    }
    with open(path, "wb") as file:
        file.write(msgpack.packb(dump))


def command(*words):
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        raw = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(raw), raw))
    return b"".join(parts)


def write_redis(port, data):
    names = data.get("names", "forsun:0")
    commands = [command("SET", names + ":current:time", data["current_time"])]
    for plan in data["plans"]:
        key = names + ":plan:" + plan["key"]
        commands.append(command("SET", key, msgpack.packb(plan), "EX", 604800))
    for second, states in data["times"].items():
        for key, state in states.items():
            name = names + ":time:" + second
            commands.append(command("HSET", name, key, state))
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"".join(commands) + command("QUIT"))
        replies = b""
        while True:
            received = connection.recv(65536)
            if not received:
                break
            replies += received
    if any(line.startswith(b"-") for line in replies.split(b"\r\n")):
        sys.exit(replies.decode())


if __name__ == "__main__":
    data = json.load(sys.stdin)
    if sys.argv[1] == "dump":
        write_dump(sys.argv[2], data)
    else:
        write_redis(int(sys.argv[2]), data)

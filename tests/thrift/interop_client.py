"""Calls a daemon with the client that Apache Thrift generates for Python.

Arguments: the folder of the generated code, the port, the transport (buffered
or framed) and the protocol (binary, compact, and each with "-accelerated").
Reads calls from standard input, a JSON array of [method, arguments], and prints
what came of each as a JSON array: {"result"}, or {"error", "code", "message"}.
"""

import json
import sys

folder, port, transport_name, protocol_name = sys.argv[1:]
sys.path.insert(0, folder)

from forsun import Forsun  # noqa: E402
from forsun.ttypes import ForsunPlanError  # noqa: E402
from thrift.Thrift import TApplicationException  # noqa: E402
from thrift.protocol import TBinaryProtocol, TCompactProtocol  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402

TRANSPORTS = {
    "buffered": TTransport.TBufferedTransport,
    "framed": TTransport.TFramedTransport,
}

PROTOCOLS = {
    "binary": TBinaryProtocol.TBinaryProtocol,
    "compact": TCompactProtocol.TCompactProtocol,
    "binary-accelerated": lambda transport:
        TBinaryProtocol.TBinaryProtocolAccelerated(transport, fallback=False),
    "compact-accelerated": lambda transport:
        TCompactProtocol.TCompactProtocolAccelerated(transport, fallback=False),
}


def to_json(value):
    """What json.dumps() makes of a value that it does not know: its fields."""
    return {name: field for name, field in vars(value).items()
            if field is not None}


def call(client, method, arguments):
    try:
        return {"result": getattr(client, method)(*arguments)}
    except ForsunPlanError as error:
        return {"error": "ForsunPlanError", "code": error.code,
                "message": error.message}
    except TApplicationException as error:
        return {"error": "TApplicationException", "code": error.type,
                "message": error.message}


def main():
    socket = TSocket.TSocket("127.0.0.1", int(port))
    socket.setTimeout(20000)
    transport = TRANSPORTS[transport_name](socket)
    client = Forsun.Client(PROTOCOLS[protocol_name](transport))
    transport.open()
    try:
        results = [call(client, *one) for one in json.load(sys.stdin)]
    finally:
        transport.close()
    json.dump(results, sys.stdout, default=to_json)


main()

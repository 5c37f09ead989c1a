"""A receiver of the thrift action, with the server that Apache Thrift has for Python.

Arguments: the folder of the generated code, the port, the kind of server
(simple, threaded or pool) and the file that each call is appended to, one JSON
array [key, ts, params] a line. What it does is up to the params: with `sleep`
it waits so many seconds, with `raise` it throws that text.
"""

import json
import os
import sys
import time

folder, port, kind, log = sys.argv[1:]
sys.path.insert(0, folder)

from forsun import Forsun  # noqa: E402
from thrift.protocol import TBinaryProtocol  # noqa: E402
from thrift.server import TServer  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402

calls = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


class Handler:
    def forsun_call(self, key, ts, params):
        line = json.dumps([key, ts, params]) + "\n"
        os.write(calls, line.encode())
        if "sleep" in params:
            time.sleep(float(params["sleep"]))
        if "declared" in params:
            from forsun.ttypes import Refusal
            raise Refusal(code=7, reason=params["declared"])
        if "raise" in params:
            raise ValueError(params["raise"])


SERVERS = {
    "simple": TServer.TSimpleServer,
    "threaded": TServer.TThreadedServer,
    "pool": TServer.TThreadPoolServer,
}

server = SERVERS[kind](
    Forsun.Processor(Handler()),
    TSocket.TServerSocket("127.0.0.1", int(port)),
    TTransport.TBufferedTransportFactory(),
    TBinaryProtocol.TBinaryProtocolFactory(),
)
if kind == "threaded":
    server.daemon = True
if kind == "pool":
    server.setNumThreads(4)
server.serve()

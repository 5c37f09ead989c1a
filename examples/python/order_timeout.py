"""Cancels an order that nobody has paid within 30 minutes.

Once:

    apt-get install python3-thrift thrift-compiler
    thrift --gen py -o . forsun.thrift      # makes gen-py/

then

    python3 order_timeout.py [HOST [PORT]]
"""

import os
import sys

sys.path.insert(0, os.environ.get("FORSUN_GEN_PY", "gen-py"))

from forsun import Forsun  # noqa: E402
from forsun.ttypes import ForsunPlanError  # noqa: E402
from thrift.protocol import TBinaryProtocol  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402

PLAN_NOT_FOUND = 1003


def connect(host, port):
    socket = TSocket.TSocket(host, port)
    socket.setTimeout(10000)
    transport = TTransport.TBufferedTransport(socket)
    transport.open()
    return transport, Forsun.Client(TBinaryProtocol.TBinaryProtocol(transport))


def order_created(client, order):
    """Has forsun call back in 30 minutes, and once more each minute that fails."""
    return client.createTimeout(
        "order:%s" % order,
        # The generated client has no defaults: -1 is a field that is not used.
        second=0,
        minute=30,
        hour=-1,
        day=-1,
        month=-1,
        week=-1,
        count=1,
        action="http",
        params={
            "url": "http://localhost:8080/orders/%s/unpaid" % order,
            "method": "post",
            "retry_max_count": "10",
            "retry_delay_seconds": "60",
        },
    )


def order_paid(client, order):
    """Takes the plan away; it may have run already."""
    try:
        client.remove("order:%s" % order)
        return True
    except ForsunPlanError as error:
        if error.code == PLAN_NOT_FOUND:
            return False
        raise


def main(host="127.0.0.1", port="6458"):
    transport, client = connect(host, int(port))
    try:
        plan = order_created(client, 17)
        print("%s runs in %d minutes" % (plan.key, plan.minute))
        print("plans: %s" % ", ".join(client.getKeys("order:")))
        print("paid in time: %s" % order_paid(client, 17))
        print("paid in time: %s" % order_paid(client, 17))
    finally:
        transport.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The web server: uvicorn on a socket that the supervisor holds open.

While the server is started again, whoever connects waits in the socket's queue instead of being refused.
"""

import socket
import sys

import uvicorn
from django.conf import settings


def serve(descriptor: int) -> None:
    """Serve the site on the listening socket ``descriptor`` until told to stop."""
    proxies = settings.LIGAN_TRUSTED_PROXIES
    config = uvicorn.Config(
        "ligan_site.asgi:application",
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=bool(proxies),  # else anybody could choose the address under which they are recorded
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=3,
        ws_max_size=64 * 1024,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    serve(int(sys.argv[1]))

"""Entry point of the ASGI server: pages and the API over HTTP, job news over a websocket."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ligan_site.settings")
http = get_asgi_application()  # first: the imports below need the applications to be loaded

from lineups.routing import websocket_urlpatterns  # noqa: E402

# Without the validator a page of any other site could open the socket with the officer's own session.
application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)

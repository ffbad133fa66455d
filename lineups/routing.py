"""Websocket addresses of the domain."""

from typing import Any, cast

from django.urls import path, re_path

from lineups.consumers import LineupConsumer, NowhereConsumer

websocket_urlpatterns: list[Any] = [
    # The types of path() know views only, channels' router takes applications.
    path("ws/lineups/<uuid:pk>/", cast("Any", LineupConsumer.as_asgi())),
    re_path(r"", cast("Any", NowhereConsumer.as_asgi())),
]

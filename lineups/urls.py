"""Addresses of the pages of the domain."""

from django.urls import path

from lineups import views

urlpatterns = [
    path("", views.lineup_list, name="lineups"),
    path("lineups/<uuid:pk>/", views.workbench, name="workbench"),
]

"""Addresses of the API, under /api/v1/."""

from django.urls import path

from lineups.api.views import exports, faces, jobs, lineups, members, pages, people, photos
from lineups.api.views.document import Docs, Document

app_name = "api"

urlpatterns = [
    path("schema/", Document.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path("me/", people.Me.as_view(), name="me"),
    path("status/", people.Status.as_view(), name="status"),
    path("lineups/", lineups.Lineups.as_view(), name="lineups"),
    path("lineups/<uuid:pk>/", lineups.OneLineup.as_view(), name="lineup"),
    path("lineups/<uuid:pk>/photos/", photos.Photos.as_view(), name="lineup-photos"),
    path("lineups/<uuid:pk>/jobs/", jobs.Jobs.as_view(), name="lineup-jobs"),
    path("lineups/<uuid:pk>/members/", members.Members.as_view(), name="lineup-members"),
    path("lineups/<uuid:pk>/save/", lineups.Save.as_view(), name="lineup-save"),
    path("photos/<uuid:pk>/", photos.OnePhoto.as_view(), name="photo"),
    path("photos/<uuid:pk>/again/", photos.Again.as_view(), name="photo-again"),
    path("photos/<uuid:pk>/image/", photos.PhotoImage.as_view(), name="photo-image"),
    path("faces/<uuid:pk>/", faces.OneFace.as_view(), name="face"),
    path("faces/<uuid:pk>/statements/", faces.Statements.as_view(), name="face-statements"),
    path("faces/<uuid:pk>/image/", faces.FaceImage.as_view(), name="face-image"),
    path("jobs/<uuid:pk>/", jobs.OneJob.as_view(), name="job"),
    path("jobs/<uuid:pk>/cancel/", jobs.Cancel.as_view(), name="job-cancel"),
    path("jobs/<uuid:pk>/stop/", jobs.Stop.as_view(), name="job-stop"),
    path("jobs/<uuid:pk>/preview/", jobs.Preview.as_view(), name="job-preview"),
    path("pages/<uuid:pk>/", pages.OnePage.as_view(), name="page"),
    path("members/<uuid:pk>/", members.OneMember.as_view(), name="member"),
    path("exports/<uuid:pk>/image/", exports.ExportImage.as_view(), name="export-image"),
    path("exports/<uuid:pk>/document/", exports.ExportDocument.as_view(), name="export-document"),
]

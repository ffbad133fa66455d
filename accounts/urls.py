"""Addresses under /accounts/."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("password/", views.Password.as_view(), name="password"),
    path("password/changed/", views.PasswordChanged.as_view(), name="password-changed"),
]

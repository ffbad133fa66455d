"""Pages on which people sign in, sign out and change their password."""

from django.contrib.auth import views
from django.urls import reverse_lazy

from accounts.forms import OwnPasswordForm


class SignIn(views.LoginView):
    """Asks for name and password; somebody who is signed in is sent on."""

    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True


class SignOut(views.LogoutView):
    """Ends the session, by POST only."""

    http_method_names = ["post", "options"]


class Password(views.PasswordChangeView):
    """Changes one's own password, which ends one's other sessions."""

    template_name = "accounts/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("password-changed")


class PasswordChanged(views.PasswordChangeDoneView):
    """Says that it is done."""

    template_name = "accounts/password_changed.html"

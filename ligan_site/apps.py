"""The project as an application: its base template, style sheet and the supervisor's command."""

from django.apps import AppConfig


class LiganSiteConfig(AppConfig):
    """Named so that templates and commands of the project are found."""

    name = "ligan_site"
    verbose_name = "LiGAN"

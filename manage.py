#!/usr/bin/env python
"""Django's command line for LiGAN."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.umask(0o077)  # what a command writes belongs to the installation's own user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ligan_site.settings")
    execute_from_command_line(sys.argv)

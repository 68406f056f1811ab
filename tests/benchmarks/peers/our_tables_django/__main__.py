"""Makes what Django needs beside our tables: its own, and somebody who may do all."""

import os

import django
from django.core.management import call_command

django.setup()
call_command("migrate", verbosity=0)

from django.contrib.auth.models import User  # noqa: E402

if not User.objects.filter(username="owner").exists():
    User.objects.create_superuser("owner", "owner@example.com", os.environ["PEER_PASSWORD"])

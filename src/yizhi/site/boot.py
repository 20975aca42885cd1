"""Importing this sets Django up. Programs import it before anything that needs models."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhi.site.settings")
django.setup()

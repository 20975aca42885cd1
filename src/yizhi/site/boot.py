"""Importing this sets Django up. Programs import it before anything that needs models."""

import os
import sys

import django

from yizhi.site import figures

if sys.argv[1:2] in (["web"], ["worker"]):
    figures.share()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhi.site.settings")
django.setup()

"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from yizhi.site import parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhi.site.settings")

parent.follow()
application = get_wsgi_application()

"""The applications that a server runs: `front` for Granian, `application` for any WSGI server."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from yizhi.cases import tail
from yizhi.site import parent
from yizhi.site.spool import Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhi.site.settings")

parent.follow()
application = get_wsgi_application()
import_module("yizhi.site.wiring").install_city()  # imported now that Django is set up
import_module("yizhi.site.urls")  # every page and call: what does not load shows now, not at the first request
tail.start()
front = Front(application)

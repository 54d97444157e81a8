"""The ASGI application (the stream is served ahead of Django)."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esw.settings")
application = get_asgi_application()

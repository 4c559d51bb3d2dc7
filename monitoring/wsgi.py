"""Where a web server enters."""

import os

from django.core.wsgi import get_wsgi_application

from monitoring.production import require_safe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")

application = get_wsgi_application()
require_safe()

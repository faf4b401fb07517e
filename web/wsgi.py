"""What the WSGI server loads: `web.wsgi:app`."""

import os

from directory.settings import Settings
from web.app import create_app

app = create_app(Settings.from_env(os.environ))

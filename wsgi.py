"""`app`, which `flask` finds from this folder, and `application`, which the server runs."""

import sys

from app import create_app
from settings import SettingError

try:
    app = application = create_app()
except SettingError as error:
    sys.exit(str(error))

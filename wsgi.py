"""`app`, which `flask` finds from this folder, and `application`, the same behind the read layer, which is served."""

import gc
import sys

from api.layer import in_front_of
from app import create_app
from settings import SettingError

try:
    app = create_app()
except SettingError as error:
    sys.exit(str(error))
application = in_front_of(app)
# What is there from the start on is never garbage; to look all of it through takes a tenth of a second each time.
gc.freeze()

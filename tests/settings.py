"""The portal's own settings, as tests run them: keys made here, nothing read from this machine's environment file."""

import os
import secrets

from cryptography.fernet import Fernet

os.environ["GATEHOUSE_ENV_FILE"] = os.devnull
os.environ.setdefault("GATEHOUSE_SECRET_KEY", secrets.token_hex(32))
os.environ.setdefault("GATEHOUSE_ENCRYPTION_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("GATEHOUSE_LOG_LEVEL", "WARNING")

from portal.settings import *  # noqa: F403
from portal.settings import BASE_DIR, DATABASES, IS_SQLITE, STORAGES

# A file, not memory: threads and processes of one test then meet as they do in production.
if IS_SQLITE:
    TEST_DATA = BASE_DIR / "var" / "test"
    TEST_DATA.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DATA / "test_gatehouse.sqlite3")}

# Under hashed names the test server answers 404 for every asset, and tests pass without their scripts.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

# The real one takes a third of a second for each sign-in, on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

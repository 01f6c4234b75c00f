"""The portal's own settings, as tests run them: keys made here, nothing read from this machine's environment file."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

DATABASES_FOLDER = Path(__file__).resolve().parent.parent / "var" / "test"
DATABASES_FOLDER.mkdir(parents=True, exist_ok=True)

os.environ["GATEHOUSE_ENV_FILE"] = os.devnull
os.environ.setdefault("GATEHOUSE_SECRET_KEY", secrets.token_hex(32))
os.environ.setdefault("GATEHOUSE_ENCRYPTION_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("GATEHOUSE_LOG_LEVEL", "WARNING")
# A file, not memory: threads and processes of one test then meet as they do in production. One for each test run.
os.environ.setdefault("GATEHOUSE_TEST_DATABASE", str(DATABASES_FOLDER / f"test_{os.getpid()}.sqlite3"))

from portal.settings import *  # noqa: E402, F403
from portal.settings import STORAGES  # noqa: E402

# Under hashed names the test server answers 404 for every asset, and tests pass without their scripts.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

# The real one takes a third of a second for each sign-in, on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

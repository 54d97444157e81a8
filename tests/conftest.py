"""What every test shares."""

import pytest


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Files of a test go to its own folder and are gone with it."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return tmp_path

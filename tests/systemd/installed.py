"""`cmake --install` into a folder that stands for a machine's root."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests" / "acceptance"))
BUILD = os.environ.get("WIREWATCH_BUILD", str(SOURCE / "build" / "debug"))


class Root:
    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="ww-root-"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def install(self, prefix="/usr"):
        """What cmake said. The prefix is given here, not to the build: that is how packagers do."""
        done = subprocess.run([os.environ.get("WIREWATCH_CMAKE", "cmake"), "--install", BUILD,
                               "--prefix", prefix], env=dict(os.environ, DESTDIR=str(self.path)),
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def __truediv__(self, path):
        return self.path / path.lstrip("/")

    def unit(self, prefix="/usr"):
        return self / (prefix + "/lib/systemd/system/wirewatch.service")

    def settings(self):
        """The unit's lines as (key, value), without comments."""
        lines = self.unit().read_text(encoding="utf-8").splitlines()
        return [tuple(line.split("=", 1)) for line in lines
                if "=" in line and not line.startswith("#")]

    def setting(self, key):
        found = [value for name, value in self.settings() if name == key]
        assert len(found) == 1, (key, found)
        return found[0]

"""Commands in a folder of articles that somebody else made, as processes of their own."""

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on Thursday. The talks with Japan ended late."
HOSTILE_MODULE = "open('executed', 'a').write(__name__ + '\\n')\nraise SystemExit\n"


@pytest.fixture
def samestory(tmp_path):
    """Runs a command in a folder, with a cache of its own."""
    def run(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        own = os.environ | {"SAMESTORY_CACHE": str(tmp_path / "cache")} | environment
        return subprocess.run([Path(sys.executable).with_name("samestory"), *arguments], cwd=cwd, env=own,
                              capture_output=True, text=True, check=False)
    return run


@pytest.mark.slow
@pytest.mark.parametrize("warm", ["1", "0"])
def test_nothing_in_the_folder_is_ever_run(warm, folder, samestory):
    names = {*sys.stdlib_module_names, *packages_distributions(), "sitecustomize", "ipython_config", "jupyter_config"}
    root = folder({f"{name}.py": HOSTILE_MODULE for name in names - {"samestory"}} | {"cnn/1.txt": STORY})
    done = samestory(root, "run", ".", "--reports", "../out", "--only", "02_keywords", SAMESTORY_WARM=warm)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (root / "executed").exists()

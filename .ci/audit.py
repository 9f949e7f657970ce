"""Look the locked packages up among the known vulnerabilities: `python .ci/audit.py [OSV_URL]`.

Exit code 1 where one of them has a vulnerability that is known, or where the look-up itself fails.
Without a network, or where the service can't be reached, one line says that nothing was checked:
that is no fault of the code, and the rest of `make lint` is still worth running.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent.parent
# The development lock has all packages of the others but for those that build
LOCKS = ("requirements-dev.lock", "requirements-build.lock")
# How pip-audit ends where no answer comes: it names the exception, or says so itself
UNREACHED = ("requests.exceptions.", "urllib3.exceptions.", "Could not connect", "ServiceError")


def main(locks: Sequence[Path], url: str = "") -> int:
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv"]
    command += ["--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json"]
    command += ["--desc", "on", "--timeout", "15", *(["--osv-url", url] if url else [])]
    for lock in locks:
        command += ["--requirement", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        if any(sign in done.stderr for sign in UNREACHED):
            print("audit: the advisory service can't be reached; no package was checked")
            return 0
        print(f"audit: pip-audit failed\n{done.stderr}", file=sys.stderr)
        return 1
    faults = [line for package in packages for line in describe(package)]
    for line in faults:
        print(f"audit: {line}", file=sys.stderr)
    if not faults:
        print(f"audit: {len(packages)} packages have no known vulnerability")
    return int(bool(faults))


def describe(package: dict[str, Any]) -> list[str]:
    """A line for each thing that is wrong with a package."""
    if "skip_reason" in package:
        return [f"{package['name']} was not checked: {package['skip_reason']}"]
    return [
        f"{package['name']} {package['version']} has {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}: {found['description'][:200]}"
        for found in package["vulns"]
    ]


if __name__ == "__main__":
    sys.exit(main([HOME / lock for lock in LOCKS], *sys.argv[1:2]))

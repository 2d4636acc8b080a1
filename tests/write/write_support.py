# SPDX-License-Identifier: Apache-2.0
"""A deployment's folder and servers, for the tests of this room."""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "deploy"))

from deploy_support import Deployment, executor, wrapped  # noqa: E402,F401

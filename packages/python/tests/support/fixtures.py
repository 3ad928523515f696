"""What all clients are held to, whatever their language."""

from __future__ import annotations

import json
from typing import Any

from .api_server import REPOSITORY

FIXTURES = REPOSITORY / "packages" / "contract" / "fixtures"
client_rules: Any = json.loads((FIXTURES / "client-rules.json").read_text())
device_rules: Any = json.loads((FIXTURES / "device-rules.json").read_text())
events: Any = json.loads((FIXTURES / "events.json").read_text())["events"]
reference_examples: Any = json.loads((FIXTURES / "reference-examples.json").read_text())["examples"]

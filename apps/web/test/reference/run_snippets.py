"""Runs each snippet that comes as a line of JSON in this one process, and prints what its last call gave."""

import io
import json
import os
import sys
from contextlib import redirect_stdout

for line in sys.stdin:
    given = json.loads(line)
    os.environ["VERGEAI_API_KEY"] = given["key"]
    names: dict = {}
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            exec(given["code"], names)
        result = {"status": names["response"]["statusCode"], "body": names["response"]["body"], "said": said.getvalue()}
    except Exception as error:
        result = {"refused": getattr(error, "code", None) or repr(error)}
    print(json.dumps(result), flush=True)

"""Asks a running server what its own OpenAPI description promises, by schemathesis with all its checks, and records
how many requests of which kind it made.

python3.11 -m venv VENV && VENV/bin/pip install schemathesis==4.32.5
graft serve tiny=../core/src/test/resources/dev/graft/bundle/v1 --port 18080
VENV/bin/python check_openapi.py 18080 --output ../serve/src/test/resources/openapi/checked.json
"""
import argparse
import importlib.metadata
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

# What schemathesis cannot know: a tensor's values must fit its shape and a table its header, so that what fits the
# schema may still be refused; a deadline of a millisecond is met by 504; unknown headers are to be passed over.
CONFIGURATION = """
[generation]
allow-extra-parameters = false
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 503, 504, 507]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 404, 409, 413, 422, 424, 429, 503, 504, 507]
[checks.negative_data_rejection]
expected-statuses = [400, 404, 405, 409, 413, 414, 422, 424, 429, 431, 503, 504, 507]
"""

# Comes last and alone: an unloaded model answers nothing more.
UNLOAD = "/v2/repository/models/{model}/unload"

parser = argparse.ArgumentParser()
parser.add_argument("port")
parser.add_argument("--seed", default="7")
parser.add_argument("--examples", default="30", help="most requests of each operation and kind")
parser.add_argument("--output")
args = parser.parse_args()

address = f"http://127.0.0.1:{args.port}/docs/openapi.json"
with tempfile.TemporaryDirectory() as folder:
    configuration = pathlib.Path(folder, "schemathesis.toml")
    configuration.write_text(CONFIGURATION)
    command = [str(pathlib.Path(sys.executable).with_name("schemathesis")), "--config-file", str(configuration)]
    command += ["run", address, "--seed", args.seed, "--max-examples", args.examples, "--continue-on-failure"]
    command += ["--no-color", "--request-timeout", "180", "--report", "ndjson", "--report-dir", folder]
    failed = 0
    for chosen in (["--exclude-path", UNLOAD], ["--include-path", UNLOAD]):
        failed |= subprocess.run(command + chosen, cwd=folder).returncode
    asked, told = {}, {}
    for report in pathlib.Path(folder).glob("*ndjson*"):
        for line in report.read_text().splitlines():
            recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
            for case in recorder.get("cases", {}).values():
                name = f"{case['value']['method']} {case['value']['path']}"
                asked[name] = asked.get(name, 0) + 1
            for interaction in recorder.get("interactions", {}).values():
                status = str((interaction.get("response") or {}).get("status_code", "none"))
                told[status] = told.get(status, 0) + 1
if failed:
    sys.exit(failed)
if args.output:
    paths = json.load(urllib.request.urlopen(address))["paths"]
    recorded = {
        "schemathesis": importlib.metadata.version("schemathesis"),
        "seed": int(args.seed),
        "operations": sorted(f"{method.upper()} {path}" for path in paths for method in paths[path]),
        "requests": sum(asked.values()),
        "statuses": dict(sorted(told.items())),
        "failures": 0,
    }
    output = pathlib.Path(args.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(recorded, indent=1) + "\n")

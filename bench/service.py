"""What bench/serve and bench/soak share: a server that is started, loaded by wrk and watched."""
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PEERS = os.path.abspath(os.environ.get("GRAFT_PEERS", os.path.join(ROOT, "../shared/peers")))
PATIENCE = 120
TRIAL = 5


class Server:
    """A process that answers GET /health; ready holds the milliseconds until it did."""
    port = 18500

    def __init__(self, name, command, field, environment=None, path="/predict"):
        """field is the one that a request holds its text in, with [] behind it where it is a list of texts."""
        Server.port += 1
        self.name, self.field, self.path, self.url = name, field, path, f"http://127.0.0.1:{Server.port}"
        begun = time.monotonic()
        self.process = subprocess.Popen(command + ["--port", str(Server.port)], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, env=dict(os.environ, **(environment or {})))
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - begun > PATIENCE:
                self.stop()
                raise SystemExit(f"bench: '{' '.join(command)}' did not come to answer")
            time.sleep(0.01)
        self.ready = 1000 * (time.monotonic() - begun)

    def answers(self):
        try:
            return urllib.request.urlopen(self.url + "/health", timeout=1).status == 200
        except OSError:
            return False

    def post(self, path):
        request = urllib.request.Request(self.url + path, b"{}", {"Content-Type": "application/json"})
        return urllib.request.urlopen(request, timeout=PATIENCE).status

    def load(self, data, connections, seconds, **how):
        """What wrk saw; how: RATE, TIMEOUT_MS, ANSWER_MS as bench/load.lua reads them."""
        environment = dict(os.environ, FIELD=self.field.removesuffix("[]"), LOAD=os.path.join(PEERS, "load.lua"),
                           CONNECTIONS=str(connections), **{name: str(value) for name, value in how.items()})
        if self.field.endswith("[]"):
            environment["LIST"] = "1"
        out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s",
                              os.path.join(ROOT, "bench/load.lua"), self.url + self.path, "--", data],
                             env=environment, capture_output=True, text=True, check=True).stdout
        return json.loads(out.strip().splitlines()[-1])

    def offered(self, data, connections, seconds, rate, **how):
        """What wrk saw of about so many requests a second, however long each takes: two goes before tell how long."""
        answer = 300
        for lasting in (TRIAL, TRIAL, seconds):
            seen = self.load(data, connections, lasting, RATE=rate, ANSWER_MS=round(answer), **how)
            if seen["rate"] > 0:
                answer = max(0, answer + 1000 * connections / seen["rate"] - 1000 * connections / rate)
        return seen

    def begin_job(self, file):
        """Hands a file in to be answered row for row, and says the job's address once it runs."""
        with open(file, "rb") as body:
            request = urllib.request.Request(self.url + "/jobs", body.read(), {"Content-Type": "text/csv"})
        job = self.url + urllib.request.urlopen(request, timeout=PATIENCE).headers["Location"]
        while self.state(job) == "queued":
            time.sleep(0.05)
        return job

    def state(self, job):
        return json.load(urllib.request.urlopen(job, timeout=PATIENCE))["state"]

    def end_job(self, job):
        urllib.request.urlopen(urllib.request.Request(job, method="DELETE"), timeout=PATIENCE)

    def resident(self):
        """Resident memory, MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()


def graft(bundle, name="graft", *options):
    """Graft's server of a bundle, which keeps no answers: every text is computed."""
    return Server(name, [os.path.join(ROOT, "graft"), "serve", f"bench={bundle}", "--cache-size", "0", *options],
                  "inputs")


def prepare():
    """Builds Graft and lets it archive its classes, as a first start does."""
    for arguments in (["--version"], ["serve", "--help"]):
        subprocess.run([os.path.join(ROOT, "graft")] + arguments, check=True, stdout=subprocess.DEVNULL)


def machine():
    with open("/proc/cpuinfo") as lines:
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    return f"{os.cpu_count()} processors ({model}), {time.strftime('%Y-%m-%d')}"

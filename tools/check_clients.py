"""Asks a running server by Triton's and KServe's own clients, unchanged, and records what they are told.

python3.11 -m venv VENV && VENV/bin/pip install 'tritonclient[http,grpc]==2.73.0' kserve==0.21.0
graft serve tiny=../core/src/test/resources/dev/graft/bundle/v1 --port 18080
VENV/bin/python check_clients.py 18080 tiny --output ../serve/src/test/resources/clients/answers.json
"""
import argparse
import asyncio
import importlib
import importlib.metadata
import json
import subprocess
import sys

TEXTS = ["card lost", "money sent", "Where is my card?", "Où est ma carte ? 💳"]

parser = argparse.ArgumentParser()
parser.add_argument("port")
parser.add_argument("model")
parser.add_argument("--output")
parser.add_argument("--client", help="one alone: the two bring the same protocol messages and share no process")
args = parser.parse_args()


def triton(module):
    import numpy

    module = importlib.import_module(module)
    client = module.InferenceServerClient(f"localhost:{args.port}")
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(args.model)
    assert not client.is_model_ready("nothing")
    assert client.get_server_metadata() and client.get_model_metadata(args.model)
    assert client.get_model_repository_index()
    given = module.InferInput("text", [len(TEXTS)], "BYTES")
    given.set_data_from_numpy(numpy.array([text.encode() for text in TEXTS], dtype=object))
    wanted = [module.InferRequestedOutput(name) for name in ("label", "logits", "probabilities")]
    answer = client.infer(args.model, [given], outputs=wanted, request_id="7")
    try:
        client.infer("nothing", [given])
        raise AssertionError("a model that is not there answered")
    except module.InferenceServerException as refused:
        assert "no model 'nothing'" in str(refused)
    statistics = named(client.get_inference_statistics(args.model), "model_stats")[0]
    assert named(statistics, "name") == args.model
    assert int(named(named(named(statistics, "inference_stats"), "success"), "count")) > 0
    config = client.get_model_config(args.model)
    config = config if isinstance(config, dict) else config.config
    assert [named(tensor, "name") for tensor in named(config, "output")][:3] == ["label", "probabilities", "logits"]
    requires_refusal(module, client.get_system_shared_memory_status)
    requires_refusal(module, client.get_trace_settings)
    requires_refusal(module, client.get_log_settings)
    requires_refusal(module, lambda: client.load_model(args.model, config="{}"))
    streamed = stream(client, args.model, given, wanted) if hasattr(client, "start_stream") else None
    client.unload_model(args.model)
    assert not client.is_model_ready(args.model)
    client.load_model(args.model)
    assert client.is_model_ready(args.model)
    client.close()
    labels = [label.decode() for label in answer.as_numpy("label")]
    told = {"labels": labels, "logits": answer.as_numpy("logits").tolist()}
    return told if streamed is None else told | {"streamed": streamed}


def named(message, field):
    return message[field] if isinstance(message, dict) else getattr(message, field)


def requires_refusal(module, ask):
    try:
        ask()
    except module.InferenceServerException:
        return
    raise AssertionError("what is not offered was answered")


def stream(client, model, given, wanted):
    """The ids of the answers to three requests, of which the second names no model that is there."""
    import queue

    answers = queue.Queue()
    client.start_stream(callback=lambda result, error: answers.put((result, error)))
    for number, name in enumerate([model, "nothing", model]):
        client.async_stream_infer(name, [given], outputs=wanted, request_id=str(number))
    told = [answers.get(timeout=10) for _ in range(3)]
    client.stop_stream()
    return ["refused" if error else answer.get_response().id for answer, error in told]


def request():
    import kserve

    given = kserve.InferInput(name="text", shape=[len(TEXTS)], datatype="BYTES", data=TEXTS)
    return kserve.InferRequest(model_name=args.model, infer_inputs=[given])


def told(answer):
    outputs = {output.name: output.as_numpy() for output in answer.outputs}
    labels = [label.decode() if isinstance(label, bytes) else label for label in outputs["label"].tolist()]
    return {"labels": labels, "logits": outputs["logits"].tolist()}


async def kserve_rest():
    from kserve import InferenceRESTClient, inference_client

    client = InferenceRESTClient(inference_client.RESTConfig(protocol="v2"))
    address = f"http://localhost:{args.port}"
    assert await client.is_server_live(address) and await client.is_server_ready(address)
    assert await client.is_model_ready(address, args.model)
    return told(await client.infer(address, request(), model_name=args.model))


async def kserve_grpc():
    from kserve import InferenceGRPCClient

    client = InferenceGRPCClient(f"localhost:{args.port}")
    assert await client.is_server_live() and await client.is_server_ready()
    assert await client.is_model_ready(args.model)
    return told(await client.infer(request()))


CLIENTS = {
    "tritonclient.http": lambda: triton("tritonclient.http"),
    "tritonclient.grpc": lambda: triton("tritonclient.grpc"),
    "kserve.InferenceRESTClient": lambda: asyncio.run(kserve_rest()),
    "kserve.InferenceGRPCClient": lambda: asyncio.run(kserve_grpc()),
}


def alone(client):
    command = [sys.executable, __file__, args.port, args.model, "--client", client]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])


if args.client:
    print(json.dumps(CLIENTS[args.client]()))
else:
    recorded = {
        "versions": {name: importlib.metadata.version(name) for name in ("tritonclient", "kserve")},
        "texts": TEXTS,
        "clients": {client: alone(client) for client in CLIENTS},
    }
    with open(args.output, "w", encoding="utf-8") as file:
        json.dump(recorded, file, ensure_ascii=False, indent=1)
        file.write("\n")

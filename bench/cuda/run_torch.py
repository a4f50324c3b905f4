"""run_torch.py DATA MODE DEVICE: the workloads in PyTorch on the GPU: eager, script or compile. On `cpu` for a try.

Reads one JSON object a line and answers with one: {"open": workload} runs it once and compares the result,
{"latency": n} times runs from a NumPy array to a NumPy array, {"throughput": n} runs that stay on the device.
"""
import json
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'peers'))
import run_torch as peers  # noqa: E402

folder, mode, device = sys.argv[1], sys.argv[2], torch.device(sys.argv[3])
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False


def conv_by_hand(w: peers.Weights, x):
    weights = w['w'].reshape(16, 3, 9)
    windows = F.unfold(x, 3).reshape(1, 3, 9, -1).permute(1, 0, 3, 2).reshape(3, 510 * 510, 9)
    images = []
    for o in range(16):
        image = torch.zeros(510 * 510, device=x.device)
        for c in range(3):
            image = image + windows[c] @ weights[o, c]
        images.append((image + w['b'][o]).reshape(1, 510, 510))
    return torch.stack(images, 1)


def stream(w: peers.Weights, x):
    return peers.chain(w, x)


def gemm(w: peers.Weights, a, b):
    return a @ b


functions = {**peers.functions, 'conv_by_hand': conv_by_hand, 'stream': stream, 'gemm': gemm, 'gemm-bf16': gemm}
run = resident = None


def prepared(name, weights):
    """What a mode makes of a workload, as a function of its inputs."""
    if name == 'lstm-layer':
        layer = peers.lstm_layer(weights, device)
        f = torch.jit.script(layer) if mode == 'script' else layer
        whole = f
    else:
        f = torch.jit.script(functions[name]) if mode == 'script' else functions[name]
        whole = lambda *given: f(weights, *given)
    # graphs give the same memory back at every run: the result is copied out, as an app would
    return torch.compile(whole, mode='reduce-overhead') if mode == 'compile' else whole


def synchronize():
    if device.type == 'cuda':
        torch.cuda.synchronize()


def elapsed(start):
    return (time.perf_counter() - start) * 1000


def open_workload(question):
    global run, resident
    name, dtype = question['open'], question.get('dtype')
    reference = None
    if question.get('data'):
        inputs, tensors = peers.load(question['data'])
        arrays = [tensors[key] for key in inputs]
        reference = tensors['$reference']
        weights = {key: torch.from_numpy(value).to(device) for key, value in tensors.items()}
    else:
        generator = np.random.default_rng(1234)
        arrays = [generator.standard_normal(shape, dtype=np.float32) for shape in question['inputs'].values()]
        weights = {}
    start = time.perf_counter()
    to_device = lambda array: torch.from_numpy(array).to(device, dtype=torch.bfloat16 if dtype == 'bf16' else None)
    resident_inputs = [to_device(array) for array in arrays]
    call = prepared(name, weights)
    resident = lambda: call(*resident_inputs)
    run = lambda: call(*[to_device(array) for array in arrays]).float().cpu().numpy()
    output = run()
    for _ in range(3):
        run()
    loaded = elapsed(start)
    error = None if reference is None else float(np.abs(output - reference).max() / np.abs(reference).max())
    return dict(load=loaded, error=error)


def latency(count):
    start = time.perf_counter()
    for _ in range(count):
        run()
    return dict(milliseconds=elapsed(start) / count)


def throughput(count):
    synchronize()
    start = time.perf_counter()
    for _ in range(count):
        resident()
    synchronize()
    return dict(milliseconds=elapsed(start) / count)


for line in sys.stdin:
    question = json.loads(line)
    try:
        if 'open' in question:
            answer = open_workload(question)
        else:
            answer = latency(question['latency']) if 'latency' in question else throughput(question['throughput'])
    except Exception as failure:
        answer = dict(failure=f'{type(failure).__name__}: {failure}')
    print(json.dumps(answer), flush=True)

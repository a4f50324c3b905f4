"""run_torch.py DATA THREADS: the workloads in PyTorch, eager, on the CPU.

Reads one JSON object a line and answers with one: {"open": workload} runs it once and compares the result,
{"milliseconds": m} times runs from a NumPy array to a NumPy array.
"""
import json
import sys
import time
from typing import Dict, Optional, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

folder = sys.argv[1]


def load(name):
    meta = json.load(open(f'{folder}/{name}.json'))
    numbers = np.fromfile(f'{folder}/{name}.bin', dtype=np.float32)
    tensors = {}
    for key, entry in meta['tensors'].items():
        size = int(np.prod(entry['shape']))
        tensors[key] = numbers[entry['offset'] : entry['offset'] + size].copy().reshape(entry['shape'])
    return meta['inputs'], tensors


# TorchScript takes these as they are: types are written where they are no tensors
Weights = Dict[str, Tensor]


def mlp(w: Weights, x):
    h = torch.relu(torch.addmm(w['b0'], x, w['w0']))
    return torch.addmm(w['b2'], torch.relu(torch.addmm(w['b1'], h, w['w1'])), w['w2'])


def conv(w: Weights, x):
    return F.conv2d(x, w['w'], w['b'])


def cnn(w: Weights, x):
    h = torch.relu(F.conv2d(torch.relu(F.conv2d(x, w['w1'], w['b1'])), w['w2'], w['b2']))
    return torch.addmm(w['b3'], F.max_pool2d(h, 2).flatten(1), w['w3'])


def spade(w: Weights, x, seg):
    features = torch.relu(F.conv2d(seg, w['ws'], w['bs'], padding=1))
    scale = 1 + F.conv2d(features, w['wg'], w['bg'], padding=1)
    return F.instance_norm(x, eps=1e-5) * scale + F.conv2d(features, w['wb'], w['bb'], padding=1)


def lstm(w: Weights, x):
    h, c = x.new_zeros(8, 128), x.new_zeros(8, 128)
    outputs = []
    for step in x:
        i, f, g, o = (step @ w['wx'] + h @ w['wh'] + w['b']).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        outputs.append(h)
    return torch.stack(outputs)


class LstmLayer(torch.nn.Module):
    def __init__(self, w, device):
        super().__init__()
        self.layer = torch.nn.LSTM(64, 128, device=device)
        self.layer.weight_ih_l0.copy_(w['wx'].t())
        self.layer.weight_hh_l0.copy_(w['wh'].t())
        self.layer.bias_ih_l0.copy_(w['b'])
        self.layer.bias_hh_l0.zero_()

    def forward(self, x):
        return self.layer(x)[0]


def lstm_layer(w, device=None):
    # nothing here asks for gradients but `gradient`, which TorchScript could not allow by itself
    with torch.no_grad():
        return LstmLayer(w, device).requires_grad_(False)


def project(w: Weights, p: str, name: str, y):
    return torch.addmm(w[p + 'b' + name], y, w[p + 'w' + name])


def heads(w: Weights, p: str, name: str, y):
    return project(w, p, name, y).reshape(-1, 4, 64).transpose(0, 1)


def norm(w: Weights, p: str, i: str, y):
    return F.layer_norm(y, [256], w[p + 'g' + i], w[p + 'e' + i])


def block(w: Weights, p: str, x, cache: Optional[Tuple[Tensor, Tensor]] = None):
    normed = norm(w, p, '1', x)
    q, k, v = heads(w, p, 'q', normed), heads(w, p, 'k', normed), heads(w, p, 'v', normed)
    if cache is not None:
        k, v = torch.cat([cache[0], k], 1), torch.cat([cache[1], v], 1)
    mixed = torch.softmax(q @ k.transpose(1, 2) / 8, -1) @ v
    attended = x + project(w, p, 'o', mixed.transpose(0, 1).reshape(-1, 256))
    return attended + project(w, p, '2', F.gelu(project(w, p, '1', norm(w, p, '2', attended))))


def transformer(w: Weights, x):
    return block(w, '', x)


def decode(w: Weights, x):
    for i in range(4):
        x = block(w, 'l' + str(i), x, (w['k' + str(i)], w['v' + str(i)]))
    return x


def chain(w: Weights, x):
    rising = torch.relu(x * 1.5 + 0.25)
    gate = torch.exp(torch.sigmoid(torch.sqrt(rising * rising + 1)) - 0.5)
    return torch.tanh(gate * x) + x


def softmax(w: Weights, x):
    return torch.softmax(x, -1)


def layernorm(w: Weights, x):
    return F.layer_norm(x, [1024], w['g'], w['b'])


def gradient(w: Weights, at):
    at = at.detach().requires_grad_()
    z = w['X'] @ at
    energy = (F.softplus(z) - w['lab'] * z).sum() + 0.5 * (at * at).sum()
    found = torch.autograd.grad([energy], [at])[0]
    assert found is not None
    return found


def hmc(w: Weights, q, p):
    p = p - 0.005 * gradient(w, q)
    for i in range(10):
        q = q + 0.01 * p
        p = p - (0.01 if i < 9 else 0.005) * gradient(w, q)
    return torch.cat([q, p])


functions = dict(mlp1=mlp, mlp64=mlp, conv=conv, cnn=cnn, spade=spade, lstm=lstm, transformer=transformer,
                 decode=decode, chain=chain, softmax=softmax, layernorm=layernorm, hmc=hmc)
run = None


def elapsed(start):
    return (time.perf_counter() - start) * 1000


def open_workload(name):
    global run
    inputs, tensors = load(name)
    start = time.perf_counter()
    weights = {key: torch.from_numpy(value) for key, value in tensors.items()}
    layer = lstm_layer(weights) if name == 'lstm-layer' else None
    f = functions[name] if layer is None else lambda _, x: layer(x)
    arrays = [tensors[key] for key in inputs]
    run = lambda: f(weights, *[torch.from_numpy(array) for array in arrays]).numpy()
    loaded = elapsed(start)
    start = time.perf_counter()
    output = run()
    first = elapsed(start)
    reference = tensors['$reference']
    error = float(np.abs(output - reference).max() / np.abs(reference).max())
    libraries = open('/proc/self/maps').read() if sys.platform == 'linux' else ''
    note = '' if 'openblas' in libraries or 'mkl' in libraries or not libraries else 'with the reference BLAS'
    return dict(load=loaded, first=first, loadAndFirst=loaded + first, total=loaded + first, error=error, note=note or None)


def measure(milliseconds):
    times, begin = [], time.perf_counter()
    while not times or (elapsed(begin) < milliseconds and len(times) < 2000):
        start = time.perf_counter()
        run()
        times.append(elapsed(start))
    return dict(times=times)


if __name__ == '__main__':
    torch.set_num_threads(int(sys.argv[2]))
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = open_workload(question['open']) if 'open' in question else measure(question['milliseconds'])
        except Exception as failure:
            answer = dict(failure=f'{type(failure).__name__}: {failure}')
        print(json.dumps(answer), flush=True)

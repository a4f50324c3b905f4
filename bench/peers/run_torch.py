"""run_torch.py DATA THREADS: the workloads in PyTorch, eager, on the CPU.

Reads one JSON object a line and answers with one: {"open": workload} runs it once and compares the result,
{"milliseconds": m} times runs from a NumPy array to a NumPy array.
"""
import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

folder = sys.argv[1]
torch.set_grad_enabled(False)


def load(name):
    meta = json.load(open(f'{folder}/{name}.json'))
    numbers = np.fromfile(f'{folder}/{name}.bin', dtype=np.float32)
    tensors = {}
    for key, entry in meta['tensors'].items():
        size = int(np.prod(entry['shape']))
        tensors[key] = numbers[entry['offset'] : entry['offset'] + size].copy().reshape(entry['shape'])
    return meta['inputs'], tensors


def mlp(w, x):
    h = torch.relu(torch.addmm(w['b0'], x, w['w0']))
    return torch.addmm(w['b2'], torch.relu(torch.addmm(w['b1'], h, w['w1'])), w['w2'])


def conv(w, x):
    return F.conv2d(x, w['w'], w['b'])


def cnn(w, x):
    h = torch.relu(F.conv2d(torch.relu(F.conv2d(x, w['w1'], w['b1'])), w['w2'], w['b2']))
    return torch.addmm(w['b3'], F.max_pool2d(h, 2).flatten(1), w['w3'])


def spade(w, x, seg):
    features = torch.relu(F.conv2d(seg, w['ws'], w['bs'], padding=1))
    scale = 1 + F.conv2d(features, w['wg'], w['bg'], padding=1)
    return F.instance_norm(x, eps=1e-5) * scale + F.conv2d(features, w['wb'], w['bb'], padding=1)


def lstm(w, x):
    h, c, outputs = x.new_zeros(8, 128), x.new_zeros(8, 128), []
    for step in x:
        i, f, g, o = (step @ w['wx'] + h @ w['wh'] + w['b']).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        outputs.append(h)
    return torch.stack(outputs)


def lstm_layer(w, device=None):
    layer = torch.nn.LSTM(64, 128, device=device)
    layer.weight_ih_l0.copy_(w['wx'].t())
    layer.weight_hh_l0.copy_(w['wh'].t())
    layer.bias_ih_l0.copy_(w['b'])
    layer.bias_hh_l0.zero_()
    return lambda _, x: layer(x)[0]


def block(w, p, x, cache=None):
    def project(y, name):
        return torch.addmm(w[f'{p}b{name}'], y, w[f'{p}w{name}'])

    def norm(y, i):
        return F.layer_norm(y, [256], w[f'{p}g{i}'], w[f'{p}e{i}'])

    normed = norm(x, 1)
    q, k, v = [project(normed, name).reshape(-1, 4, 64).transpose(0, 1) for name in 'qkv']
    if cache is not None:
        k, v = torch.cat([cache[0], k], 1), torch.cat([cache[1], v], 1)
    mixed = torch.softmax(q @ k.transpose(1, 2) / 8, -1) @ v
    attended = x + project(mixed.transpose(0, 1).reshape(-1, 256), 'o')
    return attended + project(F.gelu(project(norm(attended, 2), '1')), '2')


def transformer(w, x):
    return block(w, '', x)


def decode(w, x):
    for i in range(4):
        x = block(w, f'l{i}', x, (w[f'k{i}'], w[f'v{i}']))
    return x


def chain(_, x):
    rising = torch.relu(x * 1.5 + 0.25)
    gate = torch.exp(torch.sigmoid(torch.sqrt(rising * rising + 1)) - 0.5)
    return torch.tanh(gate * x) + x


def softmax(_, x):
    return torch.softmax(x, -1)


def layernorm(w, x):
    return F.layer_norm(x, (1024,), w['g'], w['b'])


def hmc(w, q, p):
    def gradient(at):
        with torch.enable_grad():
            at = at.detach().requires_grad_()
            z = w['X'] @ at
            energy = (F.softplus(z) - w['lab'] * z).sum() + 0.5 * (at * at).sum()
            return torch.autograd.grad(energy, at)[0]

    p = p - 0.005 * gradient(q)
    for i in range(10):
        q = q + 0.01 * p
        p = p - (0.01 if i < 9 else 0.005) * gradient(q)
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
    f = lstm_layer(weights) if name == 'lstm-layer' else functions[name]
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

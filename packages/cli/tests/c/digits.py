"""digits, from a shared library: reads pixels, prints labels."""

import ctypes
import sys

library, weights, images = sys.argv[1], sys.argv[2], int(sys.argv[3])


class Input(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_float)), ("shape", ctypes.c_int64 * 4)]


class Output(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_float)), ("size", ctypes.c_int64), ("shape", ctypes.c_int64 * 2)]


net = ctypes.c_void_p()
digits = ctypes.CDLL(library)
digits.digits_error.restype = ctypes.c_char_p


def check(status):
    if status != 0:
        sys.exit(digits.digits_error(net).decode())


check(digits.digits_open(ctypes.byref(net), weights.encode()))
pixels = (ctypes.c_float * (images * 784)).from_buffer_copy(sys.stdin.buffer.read())
logits = (ctypes.c_float * (images * 10))()
given = Input(pixels, (ctypes.c_int64 * 4)(images, 1, 28, 28))
result = Output(logits, images * 10)
check(digits.digits_run(net, ctypes.byref(given), ctypes.byref(result)))
assert list(result.shape) == [images, 10]
for i in range(images):
    row = logits[i * 10 : i * 10 + 10]
    print(row.index(max(row)), end=" ")
digits.digits_close(net)

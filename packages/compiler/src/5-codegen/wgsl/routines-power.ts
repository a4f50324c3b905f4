// routines-power: powers
//
// Of floats after FreeBSD's e_powf: log2 in two pieces, each product exact because the heads have 12 bits. Special
// values as in C. Of integers by squaring, which wraps as multiplication does.

import type { RoutineTable } from './routine.ts'

/** The routines of this file. */
export type PowerRoutine =
  | 'tj_head'
  | 'tj_parity'
  | 'tj_log2_parts'
  | 'tj_pow_positive'
  | 'tj_pow'
  | 'tj_pow_u32'
  | 'tj_pow_i32'

/** Routines for pow. */
export const powerRoutines: RoutineTable<PowerRoutine> = {
  tj_head: { params: ['f32'], result: 'f32', body: 'return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);' },
  // 0: not an integer, 1: odd, 2: even
  tj_parity: {
    params: ['f32'],
    result: 'u32',
    body: `
      let a = bitcast<u32>(abs(x));
      if (a >= 0x4b800000u) { return 2u; }
      if (a < 0x3f800000u) { return select(0u, 2u, a == 0u); }
      let s = 150u - (a >> 23u);
      let m = a >> s;
      return select(0u, 2u - (m & 1u), (m << s) == a);`,
  },
  // log2 of a positive finite number: head and tail
  tj_log2_parts: {
    params: ['f32'],
    result: 'vec2f',
    body: `
      var i = bitcast<i32>(x);
      var n = 0;
      if (i < 0x800000) {
        i = bitcast<i32>(f32(i));
        n = -149;
      }
      n += (i >> 23u) - 127;
      let j = i & 0x7fffff;
      i = j | 0x3f800000;
      var b = 1.0;
      var k = 0;
      var dh = 0.0;
      var dl = 0.0;
      if (j > 0x1cc471 && j < 0x5db3d7) {
        b = 1.5;
        k = 0x200000;
        dh = 0.58496094;
        dl = 0.0000015632208;
      } else if (j >= 0x5db3d7) {
        n += 1;
        i -= 0x800000;
      }
      let a = bitcast<f32>(i);
      let u = a - b;
      let v = 1.0 / (a + b);
      let s = u * v;
      let sh = tj_head(s);
      let th = bitcast<f32>((((i >> 1u) & -4096) | 0x20000000) + 0x400000 + k);
      let tl = a - (th - b);
      let sl = v * ((u - sh * th) - sh * tl);
      let s2 = s * s;
      var r = s2 * s2 * (0.6 + s2 * (0.42857143 + s2 * (0.33333334 + s2 * (0.27272812 + s2 * (0.23066075 + s2 * 0.2069750)))));
      r += sl * (sh + s);
      let q2 = sh * sh;
      let wh = tj_head(3.0 + q2 + r);
      let wl = r - ((wh - 3.0) - q2);
      let e = sh * wh;
      let f = sl * wh + wl * s;
      let ph = tj_head(e + f);
      let pl = f - (ph - e);
      let zh = 0.9619140625 * ph;
      let zl = -0.00011736857 * ph + pl * 0.9617967 + dl;
      let t = f32(n);
      let head = tj_head(((zh + zl) + dh) + t);
      return vec2f(head, zl - (((head - t) - dh) - zh));`,
  },
  tj_pow_positive: {
    params: ['f32', 'f32'],
    result: 'f32',
    body: `
      let l = tj_log2_parts(x);
      let yh = tj_head(y);
      let pl = (y - yh) * l.x + y * l.y;
      var ph = yh * l.x;
      let z = pl + ph;
      if (z >= 129.0) { return tj_inf(); }
      if (z < -151.0) { return 0.0; }
      let n = round(z);
      ph -= n;
      let t = bitcast<f32>(bitcast<u32>(pl + ph) & 0xffff8000u);
      let u = t * 0.693145752;
      let v = (pl - (t - ph)) * 0.69314718 + t * 0.00000142860654;
      let w = u + v;
      let c = v - (w - u);
      let q = w * w;
      let p = w - q * (0.16666667 + q * (-0.0027777778 + q * (0.00006613756 + q * (-0.0000016533902 + q * 4.138137e-8))));
      let r = 1.0 - ((w * p / (p - 2.0) - (c + w * c)) - w);
      let k = i32(n);
      let h = k >> 1u;
      return r * tj_exp2i(h) * tj_exp2i(k - h);`,
  },
  tj_pow: {
    params: ['f32', 'f32'],
    result: 'f32',
    body: `
      let a = bitcast<u32>(abs(x));
      let b = bitcast<u32>(abs(y));
      if (b == 0u || bitcast<u32>(x) == 0x3f800000u) { return 1.0; }
      if (a > 0x7f800000u || b > 0x7f800000u) { return tj_nan(); }
      let up = bitcast<u32>(y) < 0x80000000u;
      if (b == 0x7f800000u) {
        if (a == 0x3f800000u) { return 1.0; }
        if ((a > 0x3f800000u) == up) { return tj_inf(); }
        return 0.0;
      }
      let negative = bitcast<u32>(x) >= 0x80000000u;
      let parity = tj_parity(y);
      var m = 0.0;
      if (a == 0u || a == 0x7f800000u) {
        if ((a == 0u) != up) { m = tj_inf(); }
      } else {
        if (negative && parity == 0u) { return tj_nan(); }
        m = tj_pow_positive(abs(x), y);
      }
      return select(m, -m, negative && parity == 1u);`,
  },
  tj_pow_u32: {
    params: ['u32', 'u32'],
    result: 'u32',
    body: `
      var p = 1u;
      var b = x;
      var n = y;
      while (n > 0u) {
        if ((n & 1u) == 1u) { p *= b; }
        b *= b;
        n >>= 1u;
      }
      return p;`,
  },
  tj_pow_i32: {
    params: ['i32', 'i32'],
    result: 'i32',
    body: `
      if (y < 0) { return select(0, select(x, 1, (y & 1) == 0), abs(x) == 1); }
      return bitcast<i32>(tj_pow_u32(bitcast<u32>(x), bitcast<u32>(y)));`,
  },
}

/* Calls of the models of export.tsjit, good and bad. Prints what is compared with c-export.test.ts. */
#include "export.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void numbers(const char *name, const float *values, int count)
{
  printf("%s", name);
  for (int i = 0; i < count; i++) printf(" %g", (double)values[i]);
  puts("");
}

static void refused(const char *name, int status, const char *error)
{
  printf("%s %d %s\n", name, status, error);
}

static int optional(void)
{
  masked_ctx *net;
  float x[] = { 1, 2, 3 }, bias[] = { 10, 20, 30 }, y[3];
  uint8_t mask[] = { 1, 0, 255 };
  masked_inputs in = { { x, { 3 } }, { NULL, { 0 } }, { NULL, { 0 } } };
  masked_outputs out = { { y, 3, { 0 } } };
  if (masked_open(&net, NULL)) return 1;
  masked_run(net, &in, &out);
  numbers("plain", y, 3);
  in.mask.data = mask;
  in.mask.shape[0] = 3;
  masked_run(net, &in, &out);
  numbers("mask", y, 3);
  in.bias.data = bias;
  in.bias.shape[0] = 3;
  masked_run(net, &in, &out);
  numbers("both", y, 3);
  in.bias.shape[0] = 2;
  refused("conflict", masked_run(net, &in, &out), masked_error(net));
  in.bias.shape[0] = 3;
  out.output.size = 2;
  refused("room", masked_run(net, &in, &out), masked_error(net));
  out.output.data = NULL;
  refused("unwanted", masked_run(net, &in, &out), "");
  in.x.data = NULL;
  refused("missing", masked_run(net, &in, &out), masked_error(net));
  in.x.shape[0] = in.mask.shape[0] = in.bias.shape[0] = 0;
  refused("empty", masked_run(net, &in, &out), "");
  printf("empty has %d\n", (int)out.output.shape[0]);
  in.x.shape[0] = 13;
  refused("bounds", masked_shapes(net, &in, &out), masked_error(net));
  masked_close(net);
  return 0;
}

static int state(const char *weights, const char *saved)
{
  counter_ctx *net, *other;
  float x[] = { 1, 2 }, y[2];
  int32_t runs;
  counter_inputs in = { { x, { 2 } } };
  counter_outputs out = { { y, 2, { 0 } }, { &runs, 1 } };
  if (counter_open(&net, weights) || counter_open(&other, weights)) {
    puts(counter_error(net));
    return 1;
  }
  for (int i = 0; i < 3; i++) counter_run(net, &in, &out);
  numbers("counted", y, 2);
  printf("runs %d\n", (int)runs);
  counter_run(other, &in, &out);
  numbers("another", y, 2);
  if (counter_save(net, saved)) puts(counter_error(net));
  counter_close(net);
  counter_close(other);
  if (counter_open(&net, saved)) puts(counter_error(net));
  counter_run(net, &in, &out);
  numbers("saved", y, 2);
  counter_close(net);
  return 0;
}

static int seeds(void)
{
  noise_ctx *net;
  float y[4], again[4], other[4];
  noise_inputs in;
  noise_outputs out = { { y, 4, { 0 } } };
  memset(&in, 0, sizeof in);
  if (noise_open(&net, NULL)) return 1;
  noise_run(net, &in, &out, 7);
  out.output.data = again;
  noise_run(net, &in, &out, 7);
  out.output.data = other;
  noise_run(net, &in, &out, -7);
  printf("seeds %d %d\n", memcmp(y, again, sizeof y) == 0, memcmp(y, other, sizeof y) == 0);
  numbers("drawn", y, 4);
  numbers("negative", other, 4);
  noise_close(net);
  return 0;
}

static int modes(void)
{
  moded_ctx *net;
  float x[] = { 3 }, y[1];
  moded_inputs in = { { x, { 1 } } };
  moded_outputs out = { { y, 1, { 0 } } };
  if (moded_open(&net, NULL)) return 1;
  moded_run(net, &in, &out);
  numbers("eval", y, 1);
  moded_run_train(net, &in, &out);
  numbers("train", y, 1);
  moded_close(net);
  return 0;
}

static int sizes(void)
{
  windows_ctx *net;
  float x[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, y[8];
  windows_inputs in = { { x, { 8 } } };
  windows_outputs out = { { y, 8, { 0 } } };
  if (windows_open(&net, NULL)) return 1;
  windows_run(net, &in, &out);
  printf("windows %d\n", (int)out.output.shape[0]);
  in.x.shape[0] = 7;
  refused("multiple", windows_run(net, &in, &out), windows_error(net));
  in.x.shape[0] = 2;
  refused("window", windows_run(net, &in, &out), windows_error(net));
  windows_close(net);
  return 0;
}

static int narrow(void)
{
  dtypes_ctx *net;
  uint16_t h[] = { 0x3c00, 0xc000 }, b[] = { 0x3f80, 0xc040 }, hy[2], by[2];
  int8_t i[] = { -128, 5 }, iy[2];
  uint8_t u[] = { 255, 3 }, uy[2], ny[2];
  uint32_t w[] = { 4294967295u, 2 }, wy[2];
  dtypes_inputs in = { { h, { 2 } }, { b, { 2 } }, { i, { 2 } }, { u, { 2 } }, { w, { 2 } } };
  dtypes_outputs out = { { hy, 2, { 0 } }, { by, 2, { 0 } }, { iy, 2, { 0 } }, { uy, 2, { 0 } }, { wy, 2, { 0 } }, { ny, 2, { 0 } } };
  if (dtypes_open(&net, NULL)) return 1;
  if (dtypes_run(net, &in, &out)) puts(dtypes_error(net));
  printf("narrow %04x %04x %04x %04x %d %d %u %u %u %u %d %d\n", (unsigned)hy[0], (unsigned)hy[1], (unsigned)by[0], (unsigned)by[1], iy[0], iy[1], (unsigned)uy[0],
         (unsigned)uy[1], (unsigned)wy[0], (unsigned)wy[1], ny[0], ny[1]);
  dtypes_close(net);
  return 0;
}

int main(int count, char **args)
{
  return count < 3 || optional() || state(args[1], args[2]) || seeds() || modes() || sizes() || narrow();
}

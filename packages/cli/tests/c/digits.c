/* digits: reads pixels of so many images, prints their labels. */
#include "digits.h"
#include <stdio.h>
#include <stdlib.h>

static int fail(digits_ctx *net, float *x)
{
  fprintf(stderr, "%s\n", digits_error(net));
  digits_close(net);
  free(x);
  return 1;
}

int main(int count, char **args)
{
  digits_ctx *net;
  digits_inputs in;
  digits_outputs out;
  int64_t images = count > 2 ? atoi(args[2]) : 0;
  size_t pixels = (size_t)(images > 0 ? images : 0) * 28 * 28;
  float *x = malloc(pixels * sizeof *x), *y;
  if (digits_open(&net, args[1][0] == '-' ? NULL : args[1])) return fail(net, x);
  if (fread(x, sizeof *x, pixels, stdin) != pixels) return 2;
  in.input.data = x;
  in.input.shape[0] = images;
  in.input.shape[1] = 1;
  in.input.shape[2] = 28;
  in.input.shape[3] = 28;
  if (digits_shapes(net, &in, &out)) return fail(net, x);
  out.output.size = out.output.shape[0] * out.output.shape[1];
  y = malloc((size_t)out.output.size * sizeof *y);
  out.output.data = y;
  if (digits_run(net, &in, &out)) {
    free(y);
    return fail(net, x);
  }
  for (int64_t i = 0; i < images; i++) {
    int best = 0;
    for (int j = 1; j < 10; j++)
      if (y[i * 10 + j] > y[i * 10 + best]) best = j;
    printf("%d ", best);
  }
  digits_close(net);
  free(x);
  free(y);
  return 0;
}

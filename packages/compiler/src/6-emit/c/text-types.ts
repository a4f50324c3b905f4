// text-types: what every exported C file declares, whatever its models and its device
//
// Tables describe models; the functions of the other texts check calls against them, lay out memory and say what is
// wrong, in the words of the other runtimes.

/** Types of the tables, and errors. */
export const typesText: string = String.raw`enum { TJ_F32, TJ_F16, TJ_BF16, TJ_I32, TJ_U32, TJ_I8, TJ_U8, TJ_BOOL };
enum { TJ_SHAPES, TJ_RUN, TJ_ENQUEUE };

typedef struct tj_ctx tj_ctx;

/* An input or output: its axes as messages print them, and their sizes, -1 where the call decides. */
typedef struct {
  const char *path, *text;
  int bytes, rank;
  const char *const *axes;
  const int64_t *sizes;
} tj_slot;

/* A dimension: max is 0 where nothing bounds it. */
typedef struct {
  const char *name;
  int64_t min, max, of;
} tj_dim;

typedef struct {
  const char *path, *text;
  int dtype, rank, isKept, isWide;
  const int64_t *shape;
  size_t count;
} tj_weight;

typedef struct {
  const void *data;
  size_t bytes;
} tj_constant;

/* One program: which inputs it takes, its sizes, its memory, its launches. */
typedef struct {
  int mode;
  unsigned given;
  int inputs, outputs, dims, transients, weights, constants, updates, isSeeded;
  const int *input, *output, *life, *weight, *constant, *update;
  const tj_slot *result;
  const tj_dim *dim;
  void (*solve)(const int64_t *const *shape, ptrdiff_t *dim);
  int (*sizes)(tj_ctx *c, const ptrdiff_t *dim, ptrdiff_t *size);
  void (*arena)(const ptrdiff_t *dim, ptrdiff_t *bytes);
  int (*run)(tj_ctx *c, tj_mem *slot, const ptrdiff_t *dim);
} tj_program;

typedef struct {
  const char *name;
  int inputs, programs, weights, constants;
  const tj_slot *input;
  /* The bit of an optional input, 0 for the others. */
  const unsigned *optional;
  const tj_program *program;
  const tj_weight *weight;
  const tj_constant *constant;
  const void *const *embedded;
  size_t scratch;
  /* The most that any program has. */
  int slots, dims, axes, transients;
} tj_model;

typedef struct {
  const void *data;
  const int64_t *shape;
} tj_in;

typedef struct {
  void *data;
  int64_t size;
  int64_t *shape;
} tj_out;

struct tj_ctx {
  const tj_model *model;
  tj_device device;
  tj_block weights, arena, scratch;
  tj_mem *weight, *constant, *slot;
  ptrdiff_t *dim, *size, *place;
  /* What the places of the transients were found for, and where they end. */
  const tj_program *placed;
  ptrdiff_t *placedDim;
  size_t end;
  uint32_t seed[2];
  int isOpen;
  char error[4096];
};

static const int tj_bytes[] = { 4, 2, 2, 4, 4, 1, 1, 1 };

static int tj_fail(tj_ctx *c, int status, const char *format, ...)
{
  va_list values;
  va_start(values, format);
  vsnprintf(c->error, sizeof c->error, format, values);
  va_end(values);
  return status;
}

static size_t tj_align(size_t bytes)
{
  return (bytes + 255) / 256 * 256;
}`

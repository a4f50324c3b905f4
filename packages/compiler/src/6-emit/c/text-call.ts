// text-call: a call against the tables of its model, in C

/** Checks of a call. */
export const callText: string = String.raw`/* Writes "[2, 3]". */
static const char *tj_list(char *to, size_t room, const int64_t *shape, int rank)
{
  size_t at = (size_t)snprintf(to, room, "[");
  for (int i = 0; i < rank && at < room; i++)
    at += (size_t)snprintf(to + at, room - at, "%s%lld", i == 0 ? "" : ", ", (long long)shape[i]);
  if (at < room) snprintf(to + at, room - at, "]");
  return to;
}

static int tj_missing(tj_ctx *c, const tj_slot *slot)
{
  const char *format = "model_input_missing: the input %s%s%s, %s, is missing";
  return tj_fail(c, TSJIT_REFUSED, format, "\140", slot->path, "\140", slot->text);
}

static int tj_isEmpty(const tj_slot *slot, const int64_t *shape)
{
  for (int i = 0; i < slot->rank; i++)
    if (shape[i] == 0) return 1;
  return 0;
}

/* Returns the program that takes the optional inputs that are there; says what is missing where there is none. */
static const tj_program *tj_choose(tj_ctx *c, int mode, int what, const tj_in *in)
{
  const tj_model *m = c->model;
  const tj_program *larger = NULL;
  unsigned given = 0;
  for (int i = 0; i < m->inputs; i++) {
    if (in[i].data != NULL) given |= m->optional[i];
    else if (m->optional[i] == 0 && what != TJ_SHAPES && !tj_isEmpty(&m->input[i], in[i].shape)) {
      tj_missing(c, &m->input[i]);
      return NULL;
    }
  }
  for (int i = 0; i < m->programs; i++) {
    const tj_program *p = &m->program[i];
    if (p->mode != mode || (p->given & given) != given) continue;
    if (p->given == given) return p;
    if (larger == NULL || p->inputs < larger->inputs) larger = p;
  }
  for (int i = 0; larger != NULL && i < m->inputs; i++)
    if ((larger->given & ~given & m->optional[i]) != 0) {
      tj_missing(c, &m->input[i]);
      break;
    }
  return NULL;
}

static int tj_wrongShape(tj_ctx *c, const tj_slot *slot, const int64_t *shape, int axis, const char *wanted)
{
  char list[512];
  const char *format = "model_input_shape: the input \140%s\140 must be %s, but has shape %s: axis %d is %lld, %s";
  tj_list(list, sizeof list, shape, slot->rank);
  return tj_fail(c, TSJIT_REFUSED, format, slot->path, slot->text, list, axis, (long long)shape[axis], wanted);
}

/* Sizes that are numbers, and names that stand for one size each. */
static int tj_checkAxes(tj_ctx *c, const tj_program *p, const tj_in *in)
{
  const tj_slot *all = c->model->input;
  char wanted[64];
  for (int k = 0; k < p->inputs; k++) {
    const tj_slot *slot = &all[p->input[k]];
    const int64_t *shape = in[p->input[k]].shape;
    double count = 1.0;
    for (int axis = 0; axis < slot->rank; axis++) {
      snprintf(wanted, sizeof wanted, "not %lld", (long long)slot->sizes[axis]);
      if (slot->sizes[axis] >= 0 && shape[axis] != slot->sizes[axis])
        return tj_wrongShape(c, slot, shape, axis, wanted);
      if (shape[axis] < 0) return tj_wrongShape(c, slot, shape, axis, "which is no size");
      count *= (double)shape[axis];
      if (shape[axis] > 2147483647 || count > 2147483647.0)
        return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: the input \140%s\140 has more than 2147483647 elements", slot->path);
      for (int j = 0; j <= k; j++) {
        const tj_slot *other = &all[p->input[j]];
        for (int b = 0; b < (j == k ? axis : other->rank); b++) {
          int64_t size = in[p->input[j]].shape[b];
          if (slot->sizes[axis] >= 0 || other->sizes[b] >= 0 || size == shape[axis] || strcmp(slot->axes[axis], other->axes[b]) != 0) continue;
          return tj_fail(c, TSJIT_REFUSED, "dim_call_conflict: \140%s\140 is %lld in axis %d of \140%s\140 and %lld in axis %d of \140%s\140",
                         slot->axes[axis], (long long)size, b, other->path, (long long)shape[axis], axis, slot->path);
        }
      }
    }
  }
  return TSJIT_OK;
}

static int tj_outside(tj_ctx *c, const tj_program *p, const tj_dim *dim, ptrdiff_t value)
{
  char place[256] = "this call", bounds[96], of[64] = "";
  for (int k = p->inputs - 1; k >= 0; k--) {
    const tj_slot *slot = &c->model->input[p->input[k]];
    for (int axis = slot->rank - 1; axis >= 0; axis--)
      if (strcmp(slot->axes[axis], dim->name) == 0) snprintf(place, sizeof place, "axis %d of \140%s\140", axis, slot->path);
  }
  if (dim->max == 0) snprintf(bounds, sizeof bounds, "at least %lld", (long long)dim->min);
  else snprintf(bounds, sizeof bounds, "%lld to %lld", (long long)dim->min, (long long)dim->max);
  if (dim->of > 1) snprintf(of, sizeof of, ", a multiple of %lld", (long long)dim->of);
  return tj_fail(c, TSJIT_REFUSED, "dim_out_of_bounds: \140%s\140 is %lld in %s, outside its bounds: %s%s (as dim('%s', ...) declares them)",
                 dim->name, (long long)value, place, bounds, of, dim->name);
}

/* Finds the dimensions of a call, and the sizes of all axes of its inputs and outputs. */
static int tj_measure(tj_ctx *c, const tj_program *p, const tj_in *in)
{
  const int64_t *shapes[TJ_MOST_INPUTS];
  char wanted[512];
  ptrdiff_t *size = c->size;
  int status = tj_checkAxes(c, p, in);
  if (status != TSJIT_OK) return status;
  for (int k = 0; k < p->inputs; k++) shapes[k] = in[p->input[k]].shape;
  p->solve(shapes, c->dim);
  for (int i = 0; i < p->dims; i++) {
    const tj_dim *dim = &p->dim[i];
    ptrdiff_t value = c->dim[i];
    if (value < dim->min || (dim->max != 0 && value > dim->max) || value % dim->of != 0) return tj_outside(c, p, dim, value);
    if (value > 2147483647) return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: \140%s\140 is more than 2147483647", dim->name);
  }
  status = p->sizes(c, c->dim, size);
  if (status != TSJIT_OK) return status;
  for (int k = 0; k < p->inputs; k++) {
    const tj_slot *slot = &c->model->input[p->input[k]];
    for (int axis = 0; axis < slot->rank; axis++, size++) {
      if (shapes[k][axis] == *size) continue;
      size_t at = (size_t)snprintf(wanted, sizeof wanted, "not %lld (", (long long)*size);
      for (int i = 0; i < p->dims && at < sizeof wanted; i++)
        at += (size_t)snprintf(wanted + at, sizeof wanted - at, "%s%s = %lld", i == 0 ? "" : ", ", p->dim[i].name, (long long)c->dim[i]);
      if (at < sizeof wanted) snprintf(wanted + at, sizeof wanted - at, ")");
      return tj_wrongShape(c, slot, shapes[k], axis, wanted);
    }
  }
  return TSJIT_OK;
}`

// text-run: one run, in C

/** Where everything lies, and one run. */
export const runText: string = String.raw`/* Lays out buffers one after another at the lowest free place: no two that live at the same time overlap. */
static size_t tj_layOut(ptrdiff_t *place, const ptrdiff_t *bytes, const int *life, int count)
{
  size_t end = 0;
  for (int i = 0; i < count; i++) {
    ptrdiff_t size = bytes[i] < 4 ? 4 : bytes[i], at = 0;
    /* until nothing is in the way */
    for (int isMoved = 1; isMoved;) {
      isMoved = 0;
      for (int j = 0; j < i; j++) {
        ptrdiff_t other = bytes[j] < 4 ? 4 : bytes[j];
        ptrdiff_t after = (ptrdiff_t)tj_align((size_t)(place[j] + other));
        int isTogether = life[2 * j] <= life[2 * i + 1] && life[2 * i] <= life[2 * j + 1];
        if (!isTogether || place[j] >= at + size || after <= at) continue;
        at = after;
        isMoved = 1;
      }
    }
    place[i] = at;
    if ((size_t)(at + size) > end) end = (size_t)(at + size);
  }
  return end;
}

/* Finds the places of the transients, unless it knows them. */
static void tj_placeTransients(tj_ctx *c, const tj_program *p)
{
  size_t bytes = (size_t)p->dims * sizeof *c->dim;
  if (c->placed == p && (bytes == 0 || memcmp(c->placedDim, c->dim, bytes) == 0)) return;
  p->arena(c->dim, c->place + p->transients);
  c->end = tj_layOut(c->place, c->place + p->transients, p->life, p->transients);
  if (bytes != 0) memcpy(c->placedDim, c->dim, bytes);
  c->placed = p;
}

static size_t tj_count(const ptrdiff_t *size, int rank)
{
  size_t count = 1;
  for (int i = 0; i < rank; i++) count *= (size_t)size[i];
  return count;
}

/* Reserves room at the end of the arena. */
static ptrdiff_t tj_reserve(size_t *end, size_t bytes)
{
  size_t at = tj_align(*end);
  *end = at + bytes;
  return (ptrdiff_t)at;
}

/* Fills in the shapes of the outputs, and checks that there is room for them. */
static int tj_shapeOutputs(tj_ctx *c, const tj_program *p, int what, tj_out *out)
{
  const ptrdiff_t *size = c->size;
  for (int k = 0; k < p->inputs; k++) size += c->model->input[p->input[k]].rank;
  for (int k = 0; k < p->outputs; k++) {
    const tj_slot *slot = &p->result[k];
    tj_out *o = &out[p->output[k]];
    long long count = (long long)tj_count(size, slot->rank);
    for (int axis = 0; axis < slot->rank; axis++) o->shape[axis] = size[axis];
    if (what != TJ_SHAPES && o->data != NULL && o->size < count)
      return tj_fail(c, TSJIT_REFUSED, "model_output_size: the output \140%s\140, %s, has %lld elements, and its buffer has room for %lld",
                     slot->path, slot->text, count, (long long)o->size);
    size += slot->rank;
  }
  return TSJIT_OK;
}

/* Runs a program on memory of the host or of the device. Everything is checked. */
static int tj_run(tj_ctx *c, const tj_program *p, int what, const tj_in *in, tj_out *out, int64_t seed)
{
  const tj_model *m = c->model;
  const ptrdiff_t *size;
  ptrdiff_t *place;
  size_t end;
  int status;
  tj_placeTransients(c, p);
  c->seed[0] = (uint32_t)(uint64_t)seed;
  c->seed[1] = (uint32_t)((uint64_t)seed >> 32);

  /* inputs, the seed, outputs, new weights: where the caller has them, or behind the transients */
  end = c->end;
  place = c->place + 2 * p->transients;
  size = c->size;
  for (int k = 0; k < p->inputs; k++) {
    const tj_slot *slot = &m->input[p->input[k]];
    if (!TJ_IS_DIRECT(what)) place[k] = tj_reserve(&end, tj_count(size, slot->rank) * (size_t)slot->bytes);
    size += slot->rank;
  }
  place += p->inputs;
  if (p->isSeeded) *place++ = tj_reserve(&end, 8);
  for (int k = 0; k < p->outputs; k++) {
    const tj_slot *slot = &p->result[k];
    if (!TJ_IS_DIRECT(what) || out[p->output[k]].data == NULL)
      place[k] = tj_reserve(&end, tj_count(size, slot->rank) * (size_t)slot->bytes);
    size += slot->rank;
  }
  place += p->outputs;
  for (int k = 0; k < p->updates; k++) {
    const tj_weight *w = &m->weight[p->update[k]];
    place[k] = tj_reserve(&end, w->count * (size_t)tj_bytes[w->dtype]);
  }
  status = tj_hold(c, &c->arena, end);
  if (status != TSJIT_OK) return status;

  tj_mem *slot = c->slot;
  place = c->place + 2 * p->transients;
  size = c->size;
  for (int k = 0; k < p->inputs; k++, place++) {
    const tj_slot *s = &m->input[p->input[k]];
    const void *data = in[p->input[k]].data;
    size_t bytes = tj_count(size, s->rank) * (size_t)s->bytes;
    *slot = TJ_IS_DIRECT(what) ? tj_adopt(data) : tj_at(&c->arena, *place);
    if (!TJ_IS_DIRECT(what) && tj_upload(c, *slot, data, bytes) != TSJIT_OK) return TSJIT_MACHINE;
    size += s->rank;
    slot++;
  }
  if (p->isSeeded) {
    *slot = tj_at(&c->arena, *place++);
    if (tj_upload(c, *slot++, c->seed, 8) != TSJIT_OK) return TSJIT_MACHINE;
  }
  tj_mem *results = slot;
  for (int k = 0; k < p->outputs; k++, place++) {
    void *data = out[p->output[k]].data;
    *slot++ = TJ_IS_DIRECT(what) && data != NULL ? tj_adopt(data) : tj_at(&c->arena, *place);
  }
  tj_mem *updates = slot;
  for (int k = 0; k < p->updates; k++) *slot++ = tj_at(&c->arena, *place++);
  for (int k = 0; k < p->weights; k++) *slot++ = c->weight[p->weight[k]];
  for (int k = 0; k < p->constants; k++) *slot++ = c->constant[p->constant[k]];
  for (int k = 0; k < p->transients; k++) *slot++ = tj_at(&c->arena, c->place[k]);

  status = p->run(c, c->slot, c->dim);
  for (int k = 0; k < p->updates && status == TSJIT_OK; k++) {
    const tj_weight *w = &m->weight[p->update[k]];
    status = tj_copy(c, c->weight[p->update[k]], updates[k], w->count * (size_t)tj_bytes[w->dtype]);
  }
  for (int k = 0; k < p->outputs && status == TSJIT_OK; k++) {
    const tj_slot *s = &p->result[k];
    void *data = out[p->output[k]].data;
    if (!TJ_IS_DIRECT(what) && data != NULL) status = tj_download(c, data, results[k], tj_count(size, s->rank) * (size_t)s->bytes);
    size += s->rank;
  }
  /* new weights may be what a run on a stream of the caller begins with */
  if (!TJ_IS_DIRECT(what) && p->updates > 0 && status == TSJIT_OK) status = tj_wait(c);
  return status;
}

/* One call: what is asked for is shapes only, a run on memory of the host, or one on memory of the device. */
static int tj_call(tj_ctx *c, int mode, int what, const tj_in *in, tj_out *out, int64_t seed)
{
  const tj_program *p = tj_choose(c, mode, what, in);
  int status = p == NULL ? TSJIT_REFUSED : tj_measure(c, p, in);
  if (status == TSJIT_OK) status = tj_shapeOutputs(c, p, what, out);
  if (status != TSJIT_OK || what == TJ_SHAPES) return status;
  status = tj_enter(c);
  if (status != TSJIT_OK) return status;
  status = tj_run(c, p, what, in, out, seed);
  tj_leave(c);
  return status;
}`

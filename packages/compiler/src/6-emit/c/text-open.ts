// text-open: opening and closing a model, in C

/** Opening and closing. */
export const openText: string = String.raw`/* Also where opening has failed halfway. */
static void tj_close(tj_ctx *c)
{
  if (c->isOpen) tj_enter(c);
  tj_drop(c, &c->weights);
  tj_drop(c, &c->arena);
  tj_drop(c, &c->scratch);
  tj_closeDevice(c);
  free(c->weight);
  free(c->slot);
  free(c->dim);
}

/* Tables of a context, and the constants; weights follow. */
static int tj_prepare(tj_ctx *c, const tj_model *m, int device, const void *const *embedded)
{
  size_t mems = (size_t)(m->weights + m->constants), bytes = 0;
  c->model = m;
  c->weight = calloc(mems + 1, sizeof *c->weight);
  c->slot = calloc((size_t)m->slots + 1, sizeof *c->slot);
  c->dim = calloc((size_t)(2 * m->dims + m->axes + 2 * m->transients + m->slots + 1), sizeof *c->dim);
  if (c->weight == NULL || c->slot == NULL || c->dim == NULL) return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: no memory");
  c->constant = c->weight + m->weights;
  c->placedDim = c->dim + m->dims;
  c->size = c->placedDim + m->dims;
  c->place = c->size + m->axes;
  int status = tj_openDevice(c, device);
  if (status == TSJIT_OK) status = tj_hold(c, &c->scratch, m->scratch);
  if (status != TSJIT_OK) return status;
  for (int i = 0; i < m->weights; i++) {
    int isLent = embedded != NULL && !m->weight[i].isKept && tj_lend(&c->weight[i], embedded[i]);
    if (!isLent) bytes += tj_align(m->weight[i].count * (size_t)tj_bytes[m->weight[i].dtype]);
  }
  for (int i = 0; i < m->constants; i++)
    if (!tj_lend(&c->constant[i], m->constant[i].data)) bytes += tj_align(m->constant[i].bytes);
  status = tj_hold(c, &c->weights, bytes);
  if (status != TSJIT_OK) return status;
  bytes = 0;
  for (int i = 0; i < m->weights; i++) {
    if (embedded != NULL && !m->weight[i].isKept && tj_lend(&c->weight[i], embedded[i])) continue;
    size_t own = m->weight[i].count * (size_t)tj_bytes[m->weight[i].dtype];
    c->weight[i] = tj_at(&c->weights, (ptrdiff_t)bytes);
    if (embedded != NULL && tj_upload(c, c->weight[i], embedded[i], own) != TSJIT_OK) return TSJIT_MACHINE;
    bytes += tj_align(own);
  }
  for (int i = 0; i < m->constants; i++) {
    if (tj_lend(&c->constant[i], m->constant[i].data)) continue;
    c->constant[i] = tj_at(&c->weights, (ptrdiff_t)bytes);
    if (tj_upload(c, c->constant[i], m->constant[i].data, m->constant[i].bytes) != TSJIT_OK) return TSJIT_MACHINE;
    bytes += tj_align(m->constant[i].bytes);
  }
  return TSJIT_OK;
}`

/** Writing the weights as they are now. */
export const saveText: string = String.raw`/* Writes the elements of a weight; integers of state with 64 bits, as PyTorch has them. */
static int tj_saveWeight(tj_ctx *c, FILE *file, int index)
{
  const tj_weight *w = &c->model->weight[index];
  size_t bytes = w->count * (size_t)tj_bytes[w->dtype];
  unsigned char *copy = malloc(bytes + 1);
  int isWritten = copy != NULL && tj_download(c, copy, c->weight[index], bytes) == TSJIT_OK;
  if (isWritten && !w->isWide) isWritten = fwrite(copy, 1, bytes, file) == bytes;
  for (size_t i = 0; isWritten && w->isWide && i < w->count; i++) {
    int32_t value;
    memcpy(&value, copy + 4 * i, 4);
    int64_t wide = value;
    isWritten = fwrite(&wide, 8, 1, file) == 1;
  }
  free(copy);
  return isWritten;
}

static int tj_save(tj_ctx *c, const char *path, const char *header, const int *order)
{
  unsigned char length[8] = { 0 };
  size_t size = strlen(header);
  int isWritten = 0, status = tj_enter(c);
  if (status != TSJIT_OK) return status;
  FILE *file = fopen(path, "wb");
  for (int i = 0; i < 8; i++) length[i] = (unsigned char)((uint64_t)size >> (8 * i) & 255u);
  if (file != NULL) isWritten = fwrite(length, 1, 8, file) == 8 && fwrite(header, 1, size, file) == size;
  for (int i = 0; i < c->model->weights && isWritten; i++) isWritten = tj_saveWeight(c, file, order[i]);
  tj_leave(c);
  if (file != NULL && fclose(file) != 0) isWritten = 0;
  return isWritten ? TSJIT_OK : tj_fail(c, TSJIT_WEIGHTS, "weight_unavailable: %.400s cannot be written", path);
}`

// text-weights: the weights of a file against those of a model, in C
//
// Sizes must add up, names and shapes must be those of the model; what does not fit is said all at once.

/** Comparison with the model, and the elements. */
export const weightsText: string = String.raw`/* Elements of a file: their kind (a float, a number with a sign, one without) and bytes. */
static int tj_kindOf(const char *dtype, int *bytes)
{
  static const char *const names[] = { "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL" };
  static const char kinds[] = "ffhbiiiiuuuuu";
  static const int sizes[] = { 8, 4, 2, 2, 8, 4, 2, 1, 8, 4, 2, 1, 1 };
  for (int i = 0; i < 13; i++)
    if (strcmp(dtype, names[i]) == 0) {
      *bytes = sizes[i];
      return kinds[i];
    }
  *bytes = 0;
  return 0;
}

static int tj_isConvertible(const char *dtype, int kind, int to)
{
  if (to == TJ_F32 || to == TJ_F16 || to == TJ_BF16) return kind == 'f' || kind == 'h' || kind == 'b';
  if (to == TJ_BOOL) return strcmp(dtype, "BOOL") == 0 || strcmp(dtype, "U8") == 0;
  return (kind == 'i' || kind == 'u') && strcmp(dtype, "BOOL") != 0;
}

/* Converts elements. Returns the first that does not fit, or -1. */
static int64_t tj_convert(const unsigned char *from, int kind, int bytes, int to, void *result, int64_t count)
{
  static const int64_t low[] = { 0, 0, 0, -2147483647 - 1, 0, -128, 0, 0 }, high[] = { 0, 0, 0, 2147483647, 4294967295, 127, 255, 1 };
  for (int64_t i = 0; i < count; i++, from += bytes) {
    uint64_t bits = 0;
    for (int b = 0; b < bytes; b++) bits |= (uint64_t)from[b] << (8 * b);
    if (to == TJ_F32 || to == TJ_F16 || to == TJ_BF16) {
      float value = kind == 'h' ? f32_from_half((uint32_t)bits) : kind == 'b' ? f32_from_brain((uint32_t)bits) : bytes == 4 ? f32_bits((uint32_t)bits) : (float)f64_bits(bits);
      uint16_t half = to == TJ_F16 ? half_from_f32(value) : brain_from_f32(value);
      if (to == TJ_F32) memcpy((unsigned char *)result + 4 * i, &value, 4);
      else memcpy((unsigned char *)result + 2 * i, &half, 2);
      continue;
    }
    int isNegative = kind == 'i' && bits >> (8 * bytes - 1) != 0;
    if (isNegative && bytes < 8) bits |= ~(uint64_t)0 << (8 * bytes);
    int64_t value = isNegative ? -(int64_t)(~bits) - 1 : (int64_t)(bits & 0x7fffffffffffffffu);
    if ((!isNegative && bits >> 63 != 0) || value < low[to] || value > high[to]) return i;
    uint32_t word = (uint32_t)bits;
    uint8_t byte = (uint8_t)bits;
    if (tj_bytes[to] == 4) memcpy((unsigned char *)result + 4 * i, &word, 4);
    else ((unsigned char *)result)[i] = byte;
  }
  return -1;
}

/* Adds a line to what is wrong; what a file says is shown without what would steer a terminal. */
static void tj_add(tj_ctx *c, const char *name, const char *format, ...)
{
  size_t at = strlen(c->error), room = sizeof c->error;
  va_list values;
  if (at + 300 > room) return;
  at += (size_t)snprintf(c->error + at, room - at, "\n  \140%.200s\140 ", name);
  for (char *p = c->error + at - 2; *p != '\n' && p > c->error; p--)
    if ((unsigned char)*p < 32 || *p == 127) *p = '?';
  va_start(values, format);
  vsnprintf(c->error + at, room - at, format, values);
  va_end(values);
}

static int tj_isFitting(tj_ctx *c, const tj_weight *w, const tj_entry *e)
{
  char list[512];
  int bytes, kind = tj_kindOf(e->dtype, &bytes);
  int isSame = w->rank == e->rank && (w->rank == 0 || memcmp(w->shape, e->shape, (size_t)w->rank * sizeof *w->shape) == 0);
  if (isSame && tj_isConvertible(e->dtype, kind, w->dtype)) return 1;
  tj_list(list, sizeof list, e->shape, e->rank);
  tj_add(c, w->path, "is %s in the model and %.20s%s in the file (%s)", w->text, e->dtype, list,
         isSame ? "weight_dtype_mismatch" : "weight_shape_mismatch");
  return 0;
}

/* Finds the entry of each weight. Returns whether everything fits. */
static int tj_match(tj_ctx *c, tj_entry *entries, int count, const char *path)
{
  const tj_model *m = c->model;
  int isFitting = 1;
  tj_fail(c, 0, "weight_mismatch: %.400s does not fit \140%s\140:", path, m->name);
  for (int k = 0; k < count; k++) entries[k].weight = -1;
  for (int i = 0; i < m->weights; i++) {
    int k = 0;
    while (k < count && strcmp(entries[k].name, m->weight[i].path) != 0) k++;
    if (k == count) {
      tj_add(c, m->weight[i].path, "%s is not in the file (weight_missing)", m->weight[i].text);
      isFitting = 0;
    } else {
      entries[k].weight = i;
      if (!tj_isFitting(c, &m->weight[i], &entries[k])) isFitting = 0;
    }
  }
  for (int k = 0; k < count; k++) {
    if (entries[k].weight >= 0) continue;
    tj_add(c, entries[k].name, "is not in the model (weight_unexpected)");
    isFitting = 0;
  }
  return isFitting;
}

static int tj_byPlace(const void *a, const void *b)
{
  const tj_entry *x = a, *y = b;
  if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

/* Whether entries, in order, fill the file without gaps; says where not. */
static int tj_isSound(tj_ctx *c, tj_entry *entries, int count, const char *path)
{
  int64_t at = 0;
  qsort(entries, (size_t)count, sizeof *entries, tj_byPlace);
  for (int k = 0; k < count; k++) {
    tj_entry *e = &entries[k];
    int bytes;
    double size = tj_kindOf(e->dtype, &bytes) == 0 ? (double)(e->end - e->begin) : (double)bytes;
    for (int i = 0; i < e->rank && bytes != 0; i++) size *= (double)e->shape[i];
    if (e->begin == at && e->end >= at && size == (double)(e->end - e->begin)) {
      at = e->end;
      continue;
    }
    tj_fail(c, 0, "weight_invalid_file: %.400s cannot be loaded:", path);
    if (e->begin != at) tj_add(c, e->name, "begins at byte %lld, not at %lld: a gap or an overlap", (long long)e->begin, (long long)at);
    else tj_add(c, e->name, "has %lld bytes for its %s, which needs %.0f", (long long)(e->end - e->begin), e->dtype, size);
    return 0;
  }
  return 1;
}

/* Reads the elements of an entry. */
static int tj_readElements(tj_ctx *c, tj_source *s, const tj_entry *e, const char *path)
{
  const tj_weight *w = e->weight < 0 ? NULL : &c->model->weight[e->weight];
  size_t bytes = (size_t)(e->end - e->begin), own = w == NULL ? 0 : w->count * (size_t)tj_bytes[w->dtype];
  static const char *const tj_names[] = { "F32", "F16", "BF16", "I32", "U32", "I8", "U8", "BOOL" };
  unsigned char *raw = malloc(bytes + own + 1);
  int status = TSJIT_WEIGHTS, size, kind = tj_kindOf(e->dtype, &size);
  if (raw == NULL) return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: no memory for %lld bytes", (long long)(bytes + own));
  if (tj_take(s, raw, bytes) != bytes) tj_fail(c, 0, "weight_invalid_file: %.400s cannot be loaded: ends within \140%.200s\140", path, e->name);
  else if (w->dtype != TJ_BOOL && strcmp(e->dtype, tj_names[w->dtype]) == 0) status = tj_upload(c, c->weight[e->weight], raw, own);
  else {
    int64_t misfit = tj_convert(raw, kind, size, w->dtype, raw + bytes, (int64_t)w->count);
    if (misfit >= 0) tj_fail(c, 0, "%s: %.400s: element %lld of \140%.200s\140 does not fit %s", "weight_dtype_mismatch", path, (long long)misfit, e->name, w->text);
    else status = tj_upload(c, c->weight[e->weight], raw + bytes, own);
  }
  free(raw);
  return status;
}

static int tj_readWeights(tj_ctx *c, tj_source *s, const char *path)
{
  unsigned char head[8], extra;
  uint64_t length = 0;
  size_t most = 1;
  int status = TSJIT_WEIGHTS;
  size_t found = tj_take(s, head, 8);
  for (int i = 0; i < 8; i++) length |= (uint64_t)head[i] << (8 * i);
  if (found < 8 || length > 100000000) return tj_fail(c, TSJIT_WEIGHTS, "weight_invalid_file: %.400s cannot be loaded: it is not safetensors", path);
  char *text = malloc((size_t)length + 1);
  if (text == NULL) return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: no memory for %lld bytes", (long long)length);
  if (tj_take(s, text, (size_t)length) != length) {
    free(text);
    return tj_fail(c, TSJIT_WEIGHTS, "weight_invalid_file: %.400s cannot be loaded: it ends within the header, which has %lld bytes", path, (long long)length);
  }
  for (size_t i = 0; i < length; i++) most += text[i] == '{';
  tj_entry *entries = calloc(most, sizeof *entries);
  tj_json json = { text, text + length, 0 };
  int count = entries == NULL ? 0 : tj_readHeader(&json, entries, (int)most);
  if (entries == NULL) status = tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: no memory for the header of %.400s", path);
  else if (count < 0) tj_fail(c, 0, "weight_invalid_file: %.400s cannot be loaded: its header is not that of safetensors", path);
  else if (tj_isSound(c, entries, count, path) && tj_match(c, entries, count, path)) {
    status = TSJIT_OK;
    c->error[0] = 0;
    for (int k = 0; k < count && status == TSJIT_OK; k++) status = tj_readElements(c, s, &entries[k], path);
    if (status == TSJIT_OK && tj_take(s, &extra, 1) != 0)
      status = tj_fail(c, TSJIT_WEIGHTS, "weight_invalid_file: %.400s cannot be loaded: longer than its header says", path);
  }
  free(entries);
  free(text);
  return status;
}

/* Reads the weights from a file, from memory where there is no path, or from the program itself. */
static int tj_loadWeights(tj_ctx *c, const char *path, const void *bytes, size_t size)
{
  tj_source source = { NULL, bytes, size };
  if (path == NULL && bytes == NULL) {
    if (c->model->weights == 0 || c->model->embedded != NULL) return TSJIT_OK;
    return tj_fail(c, TSJIT_WEIGHTS, "weight_missing: \140%s\140 needs weights: the path of a safetensors file", c->model->name);
  }
  if (path == NULL) return tj_readWeights(c, &source, "weights");
  source.file = fopen(path, "rb");
  if (source.file == NULL) return tj_fail(c, TSJIT_WEIGHTS, "weight_unavailable: %.400s cannot be opened", path);
  int status = tj_readWeights(c, &source, path);
  fclose(source.file);
  return status;
}`

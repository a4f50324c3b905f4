// text-header: the header of a safetensors file, in C
//
// The form of https://github.com/huggingface/safetensors. Nothing in a header is believed.

/** The header: JSON -> entries. */
export const headerText: string = String.raw`/* Bytes from a file, or from memory. */
typedef struct {
  FILE *file;
  const unsigned char *bytes;
  size_t left;
} tj_source;

static size_t tj_take(tj_source *s, void *to, size_t bytes)
{
  if (s->file != NULL) return fread(to, 1, bytes, s->file);
  if (bytes > s->left) bytes = s->left;
  if (bytes != 0) memcpy(to, s->bytes, bytes);
  s->bytes += bytes;
  s->left -= bytes;
  return bytes;
}

typedef struct {
  char *name, *dtype;
  int64_t shape[16], begin, end;
  int rank, weight;
} tj_entry;

/* What is left of a JSON text; isBad once it is none. */
typedef struct {
  char *at, *end;
  int isBad;
} tj_json;

static int tj_next(tj_json *j)
{
  while (j->at < j->end && (*j->at == ' ' || *j->at == '\n' || *j->at == '\t' || *j->at == '\r')) j->at++;
  return j->at < j->end ? *j->at : 0;
}

static int tj_skip(tj_json *j, int wanted)
{
  if (tj_next(j) != wanted) return 0;
  j->at++;
  return 1;
}

static void tj_need(tj_json *j, int wanted)
{
  if (!j->isBad && !tj_skip(j, wanted)) j->isBad = 1;
}

static uint32_t tj_hex(tj_json *j)
{
  uint32_t value = 0;
  for (int i = 0; i < 4; i++, j->at++) {
    int digit = j->at < j->end ? *j->at : 0;
    if (digit >= '0' && digit <= '9') value = value * 16 + (uint32_t)(digit - '0');
    else if ((digit | 32) >= 'a' && (digit | 32) <= 'f') value = value * 16 + (uint32_t)((digit | 32) - 'a' + 10);
    else {
      j->isBad = 1;
      return 0;
    }
  }
  return value;
}

static char *tj_utf8(char *to, uint32_t code)
{
  if (code < 0x80) *to++ = (char)code;
  else {
    if (code < 0x800) *to++ = (char)(0xc0 | code >> 6);
    else {
      if (code < 0x10000) *to++ = (char)(0xe0 | code >> 12);
      else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 63));
      }
      *to++ = (char)(0x80 | (code >> 6 & 63));
    }
    *to++ = (char)(0x80 | (code & 63));
  }
  return to;
}

/* Reads a string, in its place: what it says is never longer than how it is written. */
static char *tj_string(tj_json *j)
{
  static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  tj_need(j, '"');
  char *start = j->at, *to = j->at;
  while (!j->isBad) {
    int next = j->at < j->end ? (unsigned char)*j->at : 0;
    if (next < 32) j->isBad = 1;
    j->at++;
    if (next == '"') break;
    if (next != '\\') {
      *to++ = (char)next;
      continue;
    }
    int escape = j->at < j->end ? *j->at : 0;
    j->at++;
    const char *known = escape == 0 ? NULL : strchr(escapes, escape);
    if (known != NULL) *to++ = meant[known - escapes];
    else if (escape != 'u') j->isBad = 1;
    else {
      uint32_t code = tj_hex(j);
      if (code >= 0xd800 && code < 0xdc00 && j->end - j->at > 6 && j->at[0] == '\\' && j->at[1] == 'u') {
        j->at += 2;
        code = 0x10000 + ((code - 0xd800) << 10) + ((tj_hex(j) - 0xdc00) & 0x3ff);
      }
      if (code == 0) j->isBad = 1;
      else to = tj_utf8(to, code);
    }
  }
  if (j->isBad) return NULL;
  *to = 0;
  return start;
}

static int64_t tj_whole(tj_json *j)
{
  int64_t value = 0;
  int digit = tj_next(j);
  if (digit < '0' || digit > '9') j->isBad = 1;
  while (!j->isBad && j->at < j->end && *j->at >= '0' && *j->at <= '9') {
    value = value * 10 + (*j->at++ - '0');
    if (value > (int64_t)1 << 53) j->isBad = 1;
  }
  return value;
}

static int tj_wholes(tj_json *j, int64_t *to, int most)
{
  int count = 0;
  tj_need(j, '[');
  if (tj_skip(j, ']')) return 0;
  do {
    int64_t value = tj_whole(j);
    if (count == most) j->isBad = 1;
    else to[count++] = value;
  } while (!j->isBad && tj_skip(j, ','));
  tj_need(j, ']');
  return count;
}

static void tj_metadata(tj_json *j)
{
  tj_need(j, '{');
  if (tj_skip(j, '}')) return;
  do {
    tj_string(j);
    tj_need(j, ':');
    tj_string(j);
  } while (!j->isBad && tj_skip(j, ','));
  tj_need(j, '}');
}

static void tj_readEntry(tj_json *j, tj_entry *e)
{
  int64_t ends[2];
  int found = 0;
  tj_need(j, '{');
  do {
    char *key = tj_string(j);
    tj_need(j, ':');
    if (j->isBad) return;
    if (strcmp(key, "dtype") == 0) {
      e->dtype = tj_string(j);
      found |= 1;
    } else if (strcmp(key, "shape") == 0) {
      e->rank = tj_wholes(j, e->shape, 16);
      found |= 2;
    } else if (strcmp(key, "data_offsets") == 0) {
      if (tj_wholes(j, ends, 2) != 2) j->isBad = 1;
      else e->begin = ends[0], e->end = ends[1];
      found |= 4;
    } else j->isBad = 1;
  } while (!j->isBad && tj_skip(j, ','));
  tj_need(j, '}');
  if (found != 7) j->isBad = 1;
}

/* Returns how many entries a header has, -1 where it is none. */
static int tj_readHeader(tj_json *j, tj_entry *entries, int most)
{
  int count = 0;
  tj_need(j, '{');
  if (!tj_skip(j, '}')) {
    do {
      char *name = tj_string(j);
      tj_need(j, ':');
      if (!j->isBad && strcmp(name, "__metadata__") == 0) tj_metadata(j);
      else if (!j->isBad) {
        if (count == most) return -1;
        entries[count].name = name;
        tj_readEntry(j, &entries[count++]);
      }
    } while (!j->isBad && tj_skip(j, ','));
    tj_need(j, '}');
  }
  return j->isBad || tj_next(j) != 0 ? -1 : count;
}`

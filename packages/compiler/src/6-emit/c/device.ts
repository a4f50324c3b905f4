// device: what the exported program runs on
//
// One row for each. The host program is the same text for all of them; it uses the types and functions that a row
// declares: `tj_mem` (an address), `tj_block` (memory that grows), `tj_hold`, `tj_drop`, `tj_at`, `tj_adopt`, `tj_lend`,
// `tj_upload`, `tj_download`, `tj_copy`, `tj_wait` (until all that is done), `tj_openDevice`, `tj_closeDevice`, `tj_enter` and `tj_leave` (around the use of
// the device), and `TJ_IS_DIRECT` (whether the memory of the caller is that of the device).

import type { Dim } from '@tsjit/dsl/compiler'
import type { PlannedLaunch } from '../../ir/plan/plan.ts'

/** A launch to print: texts of its buffers, of all dimensions, and of what else depends on sizes. */
export interface PrintedLaunch {
  /** Its index in the plan. */
  readonly index: number
  readonly planned: PlannedLaunch
  readonly slots: readonly string[]
  readonly dims: readonly string[]
  print(size: Dim): string
}

/** A row. */
export interface CDevice {
  /** Headers that it needs besides those of every program. */
  readonly includes: readonly string[]
  /** Before the tables. */
  readonly types: string
  /** After `tj_ctx`. */
  readonly functions: string
  /** Functions after these, by name: those that programs call. */
  readonly optional: Readonly<Record<string, string>>
  /** Whether work is queued: models then have `NAME_enqueue`, and open on a device by its number. */
  readonly isQueued: boolean
  /** What the scalar in a slot says, as an expression of C. */
  readonly number: (slot: string) => string
  readonly truth: (slot: string) => string
}

/** The host's own processor: what it computes on is the memory of the caller. */
export const cpuDevice: CDevice = {
  includes: [],
  optional: {},
  isQueued: false,
  types: `typedef void *tj_mem;

typedef struct {
  unsigned char *memory, *start;
  size_t size;
} tj_block;

typedef struct {
  int number;
} tj_device;

#define TJ_IS_DIRECT(what) ((what) != TJ_SHAPES)`,
  functions: String.raw`static void tj_drop(tj_ctx *c, tj_block *b)
{
  (void)c;
  free(b->memory);
  b->memory = NULL;
  b->size = 0;
}

/* Makes a block hold so many bytes, from a multiple of 64. What it held is lost. */
static int tj_hold(tj_ctx *c, tj_block *b, size_t bytes)
{
  if (b->memory != NULL && b->size >= bytes) return TSJIT_OK;
  tj_drop(c, b);
  b->memory = malloc(bytes + 64);
  if (b->memory == NULL) return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: no memory for %lld bytes", (long long)bytes);
  b->start = b->memory + (64 - (uintptr_t)b->memory % 64) % 64;
  b->size = bytes;
  return TSJIT_OK;
}

static tj_mem tj_at(const tj_block *b, ptrdiff_t place)
{
  return b->start + place;
}

static tj_mem tj_adopt(const void *data)
{
  return (tj_mem)data;
}

/* Whether data of the program can be used where it is. */
static int tj_lend(tj_mem *to, const void *data)
{
  *to = (tj_mem)data;
  return 1;
}

static int tj_upload(tj_ctx *c, tj_mem to, const void *from, size_t bytes)
{
  (void)c;
  if (bytes != 0) memcpy(to, from, bytes);
  return TSJIT_OK;
}

static int tj_download(tj_ctx *c, void *to, tj_mem from, size_t bytes)
{
  return tj_upload(c, to, from, bytes);
}

static int tj_copy(tj_ctx *c, tj_mem to, tj_mem from, size_t bytes)
{
  return tj_upload(c, to, from, bytes);
}

static int tj_wait(tj_ctx *c)
{
  (void)c;
  return TSJIT_OK;
}

static int tj_enter(tj_ctx *c)
{
  return tj_wait(c);
}

static void tj_leave(tj_ctx *c)
{
  (void)c;
}

/* Opens a device and enters it. */
static int tj_openDevice(tj_ctx *c, int number)
{
  c->device.number = number;
  return tj_enter(c);
}

static void tj_closeDevice(tj_ctx *c)
{
  (void)c;
}`,
  number: (slot) => `*(const int32_t *)${slot}`,
  truth: (slot) => `*(const uint8_t *)${slot} != 0`,
}

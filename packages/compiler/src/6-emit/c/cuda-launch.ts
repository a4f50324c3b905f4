// cuda-launch: launches of CUDA, in C
//
// `tj_together` has the threads of a block for entries whose blocks wait for one another, and 0 for others; `tj_shared` the
// bytes of dynamic shared memory.

/** Before anything is launched: how many blocks run at once. */
export const roomText: string = String.raw`/* Finds how many blocks of an entry the GPU runs at once. */
static int tj_findRoom(tj_ctx *c, int entry)
{
  const tj_device *d = &c->device;
  int mayWait = 0, processors = 0, blocks = 0;
  /* CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT */
  int result = d->api.cuDeviceGetAttribute(&mayWait, 95, d->number);
  if (result == 0) result = d->api.cuDeviceGetAttribute(&processors, 16, d->number);
  if (result == 0) result = d->api.cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, d->function[entry], tj_together[entry], (size_t)tj_shared[entry]);
  c->device.room[entry] = mayWait ? (long long)processors * blocks : 0;
  return tj_check(c, result, "cuOccupancyMaxActiveBlocksPerMultiprocessor");
}`

/** One launch. */
export const launchText: string = String.raw`/* Queues one launch: of buffers, and of sizes where the kernel takes some. Blocks that wait for one another are started
   all at once. */
static int tj_launch(tj_ctx *c, int entry, const unsigned *block, const ptrdiff_t *grid, int mems, tj_mem *mem, int words, int32_t *word)
{
  void *given[TJ_MOST_ARGUMENTS + 1];
  static const ptrdiff_t most[] = { 2147483647, 65535, 65535 };
  for (int i = 0; i < 3; i++) {
    if (grid[i] == 0) return TSJIT_OK;
    if (grid[i] > most[i]) return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: %lld blocks along %c: CUDA takes %lld", (long long)grid[i], "xyz"[i], (long long)most[i]);
  }
  for (int i = 0; i < mems; i++) given[i] = &mem[i];
  for (int i = 0; i < words; i++) given[mems + i] = &word[i];
  const tj_device *d = &c->device;
  const unsigned x = (unsigned)grid[0], y = (unsigned)grid[1], z = (unsigned)grid[2], shared = (unsigned)tj_shared[entry];
  if (tj_together[entry] == 0)
    return tj_check(c, d->api.cuLaunchKernel(d->function[entry], x, y, z, block[0], block[1], block[2], shared, d->stream, given, NULL), "cuLaunchKernel");
  if ((long long)x * y * z > d->room[entry])
    return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: %lld blocks wait for one another: this GPU runs %lld of them at once", (long long)x * y * z, d->room[entry]);
  int result = d->api.cuLaunchCooperativeKernel(d->function[entry], x, y, z, block[0], block[1], block[2], shared, d->stream, given);
  return tj_check(c, result, "cuLaunchCooperativeKernel");
}`

// launch: launches of kernels
#include "../driver/module.h"

EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, Function* function, int threads, size_t dynamicShared);

EXPORT int cuLaunchKernel(Function* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                          unsigned dynamicShared, void* handle, void** params, void** extra) {
  NEED_STREAM(context, stream, handle)
  if (!handles<Function>().has(function) || function->context != stream->context) return invalidHandle;
  auto launch = std::make_shared<Launch>();
  if (const int result = makeLaunch(*function, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, dynamicShared, params, extra, *launch)) return result;
  Node node;
  node.type = NodeType::kernel;
  node.function = function;
  node.launch = std::move(launch);
  return submit(*stream, std::move(node));
}
struct LaunchConfig { unsigned grid[3], block[3], dynamicShared; void* stream; void* attributes; unsigned count; };
EXPORT int cuLaunchKernelEx(const LaunchConfig* c, Function* function, void** params, void** extra) {
  if (!c) return invalidValue;
  return cuLaunchKernel(function, c->grid[0], c->grid[1], c->grid[2], c->block[0], c->block[1], c->block[2], c->dynamicShared, c->stream, params, extra);
}
// All blocks run at once, or none.
EXPORT int cuLaunchCooperativeKernel(Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void* s, void** params) {
  int blocks = 0;
  if (const int result = cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, int(bx * by * bz), shared)) return result;
  if (uint64_t(gx) * gy * gz > uint64_t(blocks) * settings().multiprocessors) return cooperativeTooLarge;
  return cuLaunchKernel(function, gx, gy, gz, bx, by, bz, shared, s, params, nullptr);
}

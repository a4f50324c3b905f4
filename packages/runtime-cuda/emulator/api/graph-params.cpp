// graph-params: parameters of nodes, checked
#include "graph-params.h"

int kernelNode(const KernelParams& p, Node& node) {
  if (!handles<Function>().has(p.function)) return invalidHandle;
  auto launch = std::make_shared<Launch>();
  const int result = makeLaunch(*p.function, {p.grid[0], p.grid[1], p.grid[2]}, {p.block[0], p.block[1], p.block[2]}, p.dynamicShared, p.params, p.extra, *launch);
  if (result) return result;
  node.type = NodeType::kernel;
  node.function = p.function;
  node.launch = std::move(launch);
  return success;
}
int memsetNode(const MemsetParams& p, Node& node) {
  if ((p.size != 1 && p.size != 2 && p.size != 4) || p.to % p.size) return invalidValue;
  Allocation found;
  if (!memoryMap().find(p.to, p.pitch * (p.height ? p.height - 1 : 0) + p.width * p.size, found)) return invalidValue;
  node.type = NodeType::memset;
  node.set = {p.to, p.pitch, p.value, p.size, p.width, p.height};
  return success;
}
// Rows of bytes only.
int copyNode(const Copy3d& p, Node& node) {
  if (p.height > 1 || p.depth > 1) return notSupported;
  const auto address = [](int type, uint64_t host, uint64_t device, size_t x) { return (type == 1 ? host : device) + x; };
  node.type = NodeType::memcpy;
  node.copy = {address(p.toType, p.toHost, p.toDevice, p.toX), address(p.fromType, p.fromHost, p.fromDevice, p.fromX), p.width};
  return success;
}

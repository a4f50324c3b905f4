// graph-params: parameters of nodes, with the layouts of cuda.h 13
#pragma once
#include "../driver/module.h"

struct KernelParams {
  Function* function;
  unsigned grid[3], block[3], dynamicShared;
  void **params, **extra;
  void* kernel;
  Context* context;
};
static_assert(sizeof(KernelParams) == 72, "CUDA_KERNEL_NODE_PARAMS_v2");
struct MemsetParams { uint64_t to; size_t pitch; unsigned value, size; size_t width, height; };
static_assert(sizeof(MemsetParams) == 40, "CUDA_MEMSET_NODE_PARAMS");
struct Copy3d {
  size_t fromX, fromY, fromZ, fromLod; int fromType; uint64_t fromHost, fromDevice; void *fromArray, *reserved0; size_t fromPitch, fromHeight;
  size_t toX, toY, toZ, toLod; int toType; uint64_t toHost, toDevice; void *toArray, *reserved1; size_t toPitch, toHeight;
  size_t width, height, depth;
};
static_assert(sizeof(Copy3d) == 200, "CUDA_MEMCPY3D");
struct ConditionalParams { uint64_t handle; int type; unsigned size; Graph** graphs; Context* context; };
struct NodeParams {
  int type, reserved[3];
  union { KernelParams kernel; MemsetParams memset; HostParams host; ConditionalParams conditional; struct { int flags, reserved; Copy3d* none; } memcpy; long long all[29]; Graph* graph; };
  long long reserved2;
};
static_assert(sizeof(NodeParams) == 256, "CUgraphNodeParams");

/** Make a node of its parameters, checked. */
int kernelNode(const KernelParams& params, Node& node);
int memsetNode(const MemsetParams& params, Node& node);
int copyNode(const Copy3d& params, Node& node);

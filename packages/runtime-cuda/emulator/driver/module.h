// module: loaded PTX
#pragma once
#include "../ptx/ast.h"
#include "graph.h"

/** A kernel of a loaded module. */
struct Function {
  Context* context = nullptr;
  struct Module* module = nullptr;
  std::shared_ptr<const Kernel> kernel;
  uint32_t maxDynamicShared = 0;  // 48 KiB less the static part, until cuFuncSetAttribute asks for more
  int carveout = -1;
};

struct Module {
  Context* context = nullptr;
  std::map<std::string, std::unique_ptr<Function>> functions;
  struct Global { uint64_t address, bytes; };
  std::map<std::string, Global> globals;
  std::vector<uint64_t> memory;
};

/** What a "cubin" of the emulator begins with; the PTX text follows. */
constexpr char cubinHeader[] = "\x7f" "tsjit emulator cubin\n";

/** Loads PTX text or a cubin of the emulator. On failure `log` says why. */
int loadModule(Context& context, const std::string& image, std::unique_ptr<Module>& module, std::string& log);
void unloadModule(Module* module);

/** Checks and makes a launch of a function. */
int makeLaunch(const Function& function, Dim3 grid, Dim3 block, uint32_t dynamicShared, void** params, void** extra, Launch& launch);

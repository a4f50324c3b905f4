// module: loading PTX, limits of launches
#include "module.h"
#include "../ops/decoder.h"

namespace {
// Memory of .global and .const variables, then what they hold, since they may hold one another's addresses.
void placeVariables(PtxModule& ptx, Module& module) {
  std::vector<Variable*> all;
  for (auto& variable : ptx.variables) all.push_back(variable.get());
  for (auto& function : ptx.functions) for (auto& variable : function->variables) all.push_back(variable.get());
  std::unordered_map<std::string, Variable*> byName;
  for (Variable* variable : all) {
    if (variable->space != Space::global && variable->space != Space::constant) continue;
    if (variable->isExtern) throw PtxError(0, "unresolved extern variable '" + variable->name + "'");
    const Kind kind = variable->space == Space::constant ? Kind::constant : Kind::variable;
    variable->address = memoryMap().allocate(std::max<uint64_t>(variable->bytes, 1), kind, module.context->device, module.context);
    module.memory.push_back(variable->address);
    module.globals[variable->name] = {variable->address, variable->bytes};
    byName[variable->name] = variable;
    // Without an initial value they are zero.
    memset((void*)variable->address, 0, variable->bytes);
    memcpy((void*)variable->address, variable->initial.data(), variable->initial.size());
  }
  for (const auto& [name, variable] : byName)
    for (const Relocation& relocation : variable->relocations) {
      const auto found = byName.find(relocation.symbol);
      if (found == byName.end()) throw PtxError(0, "unknown variable '" + relocation.symbol + "'");
      const uint64_t address = found->second->address + relocation.offset;
      memcpy((void*)(variable->address + relocation.at), &address, 8);
    }
}

int checkTarget(const PtxModule& ptx, std::string& log) {
  const uint32_t own = settings().major * 10 + settings().minor;
  if (ptx.versionMajor > 9) {
    log = "PTX .version " + std::to_string(ptx.versionMajor) + "." + std::to_string(ptx.versionMinor) + " is newer than the driver's 9.0";
    return unsupportedPtx;
  }
  const bool fits = ptx.isArchSpecific ? ptx.target == own : ptx.target <= own;
  if (fits) return success;
  log = "PTX .target sm_" + std::to_string(ptx.target) + (ptx.isArchSpecific ? "a" : "") + " does not run on compute capability " + std::to_string(settings().major) + "." + std::to_string(settings().minor);
  return noBinary;
}
}  // namespace

int loadModule(Context& context, const std::string& image, std::unique_ptr<Module>& module, std::string& log) {
  module = std::make_unique<Module>();
  module->context = &context;
  const size_t header = sizeof cubinHeader - 1;
  const bool isCubin = image.compare(0, header, cubinHeader) == 0;
  if (!isCubin && !image.empty() && image[0] == '\x7f') { log = "machine code does not run on the emulator"; return noBinary; }
  try {
    const auto ptx = parsePtx(isCubin ? image.substr(header) : image);
    if (const int result = checkTarget(*ptx, log)) return result;
    placeVariables(*ptx, *module);
    for (const auto& function : ptx->functions) {
      if (!function->isEntry) continue;
      auto kernel = std::make_shared<Kernel>();
      Decoder(*ptx, *kernel).decode(*function);
      auto made = std::make_unique<Function>();
      made->context = &context;
      made->module = module.get();
      made->maxDynamicShared = maxStaticSharedBytes - kernel->staticShared;
      made->kernel = std::move(kernel);
      handles<Function>().add(made.get());
      module->functions[std::string(function->name)] = std::move(made);
    }
  } catch (const PtxError& error) {
    log = error.what();
    unloadModule(module.release());
    return invalidPtx;
  } catch (const std::exception& error) {  // a number that is none
    log = std::string("error: ") + error.what();
    unloadModule(module.release());
    return invalidPtx;
  }
  return success;
}

void unloadModule(Module* module) {
  for (auto& [name, function] : module->functions) handles<Function>().remove(function.get());
  for (uint64_t address : module->memory) memoryMap().release(address);
  delete module;
}

// Parameters as pointers to each, or packed: extra = {1, buffer, 2, size, 0}.
static int packParams(const Kernel& kernel, void** params, void** extra, std::vector<uint8_t>& out) {
  out.assign((kernel.paramBytes + 15) & ~15u, 0);
  if (params) {
    for (size_t i = 0; i < kernel.params.size(); i++) {
      if (!params[i]) return invalidValue;
      memcpy(&out[kernel.params[i].offset], params[i], kernel.params[i].bytes);
    }
    return success;
  }
  if (!extra) return kernel.params.empty() ? success : invalidValue;
  const void* buffer = nullptr;
  size_t size = 0;
  for (size_t i = 0; extra[i]; i += 2) {
    if (extra[i] == (void*)1) buffer = extra[i + 1];
    else if (extra[i] == (void*)2) size = *(const size_t*)extra[i + 1];
    else return invalidValue;
  }
  if (!buffer || size < kernel.paramBytes) return invalidValue;
  memcpy(out.data(), buffer, kernel.paramBytes);
  return success;
}

int makeLaunch(const Function& function, Dim3 grid, Dim3 block, uint32_t dynamicShared, void** params, void** extra, Launch& launch) {
  const Kernel& kernel = *function.kernel;
  const uint64_t threads = block.count();
  if (!threads || !grid.count() || threads > 1024 || block.x > 1024 || block.y > 1024 || block.z > 64) return invalidValue;
  if (grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535) return invalidValue;
  const uint32_t* most = kernel.maxThreads;
  if (most[0] && threads > uint64_t(most[0]) * most[1] * most[2]) return invalidValue;
  const uint32_t* exact = kernel.requiredThreads;
  if (exact[0] && (block.x != exact[0] || block.y != exact[1] || block.z != exact[2])) return invalidValue;
  launch.kernel = function.kernel;
  launch.grid = grid;
  launch.block = block;
  launch.dynamicShared = dynamicShared;
  launch.device = function.context->device;
  if (dynamicShared > function.maxDynamicShared) return invalidValue;
  return packParams(kernel, params, extra, launch.params);
}

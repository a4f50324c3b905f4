// module: modules, functions, linking
#include "../driver/module.h"
#include <cstdio>


namespace {
enum JitOption { infoLog = 3, infoLogSize = 4, errorLog = 5, errorLogSize = 6 };
struct Logs { char* error = nullptr; size_t errorSize = 0; char* info = nullptr; size_t infoSize = 0; };
Logs readOptions(unsigned count, const int* options, void** values) {
  Logs logs;
  for (unsigned i = 0; i < count; i++) {
    if (options[i] == errorLog) logs.error = (char*)values[i];
    if (options[i] == errorLogSize) logs.errorSize = (uint32_t)(uint64_t)values[i];
    if (options[i] == infoLog) logs.info = (char*)values[i];
    if (options[i] == infoLogSize) logs.infoSize = (uint32_t)(uint64_t)values[i];
  }
  if (logs.error && logs.errorSize) *logs.error = 0;
  if (logs.info && logs.infoSize) *logs.info = 0;
  return logs;
}
void writeLog(const Logs& logs, const std::string& text) {
  if (logs.error && logs.errorSize) snprintf(logs.error, logs.errorSize, "%s", text.c_str());
}

int load(Module** out, const std::string& image, const Logs& logs) {
  NEED_CONTEXT(context)
  std::unique_ptr<Module> module;
  std::string log;
  const int result = loadModule(*context, image, module, log);
  if (result) { writeLog(logs, log); return result; }
  *out = handles<Module>().add(module.release());
  return success;
}

struct Link { std::string image; Logs logs; };
}  // namespace

EXPORT int cuModuleLoadDataEx(Module** module, const char* image, unsigned count, int* options, void** values) {
  if (!module || !image) return invalidValue;
  return load(module, image, readOptions(count, options, values));
}
EXPORT int cuModuleLoadData(Module** module, const char* image) { return cuModuleLoadDataEx(module, image, 0, nullptr, nullptr); }
EXPORT int cuModuleLoad(Module** module, const char* path) {
  FILE* file = fopen(path, "rb");
  if (!file) return fileNotFound;
  std::string image;
  char piece[4096];
  for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;) image.append(piece, n);
  fclose(file);
  return load(module, image, {});
}
EXPORT int cuModuleUnload(Module* module) {
  NEED_CONTEXT(context)
  if (!handles<Module>().remove(module)) return invalidHandle;
  synchronize(*context);
  unloadModule(module);
  return success;
}
EXPORT int cuModuleGetLoadingMode(int* mode) {
  *mode = 1;
  return success;
}
EXPORT int cuModuleGetFunction(Function** function, Module* module, const char* name) {
  NEED_CONTEXT(context)
  if (!handles<Module>().has(module)) return invalidHandle;
  if (!name) return invalidValue;
  const auto found = module->functions.find(name);
  if (found == module->functions.end()) return notFound;
  *function = found->second.get();
  return success;
}
EXPORT int cuModuleGetFunctionCount(unsigned* count, Module* module) {
  if (!handles<Module>().has(module)) return invalidHandle;
  *count = module->functions.size();
  return success;
}
EXPORT int cuModuleGetGlobal_v2(uint64_t* address, size_t* bytes, Module* module, const char* name) {
  NEED_CONTEXT(context)
  if (!handles<Module>().has(module)) return invalidHandle;
  const auto found = module->globals.find(name);
  if (found == module->globals.end()) return notFound;
  if (address) *address = found->second.address;
  if (bytes) *bytes = found->second.bytes;
  return success;
}

namespace {
enum FunctionAttribute { maxThreads, sharedBytes, constBytes, localBytes, registerCount, ptxVersion, binaryVersion, cacheMode, maxDynamic, carveout };
int functionAttribute(const Function& function, int which) {
  const Kernel& kernel = *function.kernel;
  switch (which) {
    case maxThreads: return kernel.maxThreads[0] ? kernel.maxThreads[0] * kernel.maxThreads[1] * kernel.maxThreads[2] : 1024;
    case sharedBytes: return kernel.staticShared;
    case localBytes: return kernel.localBytes;
    case registerCount: return std::min(255u, kernel.registers32);
    case ptxVersion: case binaryVersion: return settings().major * 10 + settings().minor;
    case maxDynamic: return function.maxDynamicShared;
    case carveout: return function.carveout;
    default: return 0;
  }
}
}  // namespace

EXPORT int cuFuncGetAttribute(int* value, int which, Function* function) {
  if (!handles<Function>().has(function)) return invalidHandle;
  *value = functionAttribute(*function, which);
  return success;
}
EXPORT int cuFuncSetAttribute(Function* function, int which, int value) {
  NEED_CONTEXT(context)
  if (!handles<Function>().has(function)) return invalidHandle;
  if (which == maxDynamic) {
    if (value < 0 || uint32_t(value) + function->kernel->staticShared > maxSharedBytes) return invalidValue;
    function->maxDynamicShared = value;
  } else if (which == carveout) function->carveout = value;
  else if (which < maxDynamic) return invalidValue;
  return success;
}
EXPORT int cuFuncSetCacheConfig(Function* function, int) { return handles<Function>().has(function) ? success : invalidHandle; }
EXPORT int cuFuncGetName(const char** name, Function* function) {
  if (!handles<Function>().has(function)) return invalidHandle;
  *name = function->kernel->name.c_str();
  return success;
}
EXPORT int cuFuncGetModule(Module** module, Function* function) {
  if (!handles<Function>().has(function)) return invalidHandle;
  *module = function->module;
  return success;
}
EXPORT int cuFuncGetParamInfo(Function* function, size_t index, size_t* offset, size_t* size) {
  if (!handles<Function>().has(function)) return invalidHandle;
  if (index >= function->kernel->params.size()) return invalidValue;
  *offset = function->kernel->params[index].offset;
  if (size) *size = function->kernel->params[index].bytes;
  return success;
}

// Blocks that fit a multiprocessor, by threads and shared memory: registers are not allocated here.
EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, Function* function, int threads, size_t dynamicShared) {
  if (!handles<Function>().has(function)) return invalidHandle;
  if (threads < 1 || threads > 1024) return invalidValue;
  const int byThreads = 2048 / ((threads + 31) / 32 * 32);
  const size_t shared = function->kernel->staticShared + dynamicShared + 1024;
  *blocks = std::max(0, std::min({32, byThreads, int(228 * 1024 / shared)}));
  return success;
}
EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, Function* function, int threads, size_t dynamicShared, unsigned) {
  return cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, threads, dynamicShared);
}

// The result of linking is the PTX behind a header: it loads like machine code, and only here.
EXPORT int cuLinkCreate_v2(unsigned count, int* options, void** values, Link** link) {
  NEED_CONTEXT(context)
  *link = handles<Link>().add(new Link{"", readOptions(count, options, values)});
  return success;
}
EXPORT int cuLinkAddData_v2(Link* link, int type, const void* data, size_t size, const char*, unsigned, int*, void**) {
  NEED_CONTEXT(context)
  if (!handles<Link>().has(link)) return invalidHandle;
  if (type != 1 && type != 0) return notSupported;  // PTX, cubin
  if (!link->image.empty()) return notSupported;    // one module a link
  std::string image((const char*)data, size);
  while (!image.empty() && image.back() == '\0') image.pop_back();
  std::unique_ptr<Module> module;
  std::string log;
  const int result = loadModule(*context, image, module, log);
  if (result) { writeLog(link->logs, log); return result; }
  unloadModule(module.release());
  const size_t header = sizeof cubinHeader - 1;
  link->image = image.compare(0, header, cubinHeader) == 0 ? image : cubinHeader + image;
  return success;
}
EXPORT int cuLinkComplete(Link* link, const void** cubin, size_t* size) {
  if (!handles<Link>().has(link)) return invalidHandle;
  if (link->image.empty()) return invalidValue;
  *cubin = link->image.c_str();
  if (size) *size = link->image.size() + 1;  // with the zero at its end
  return success;
}
EXPORT int cuLinkDestroy(Link* link) {
  if (!handles<Link>().remove(link)) return invalidHandle;
  delete link;
  return success;
}

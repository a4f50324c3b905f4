// conditional: values by handle
#include "conditional.h"
#include <mutex>
#include <unordered_map>

namespace {
struct Value { uint32_t now, initial; bool isAssigned; };
std::mutex mutex;
std::unordered_map<uint64_t, Value>& all() {
  static auto* map = new std::unordered_map<uint64_t, Value>();
  return *map;
}
}  // namespace

bool setConditional(uint64_t handle, uint32_t value) {
  std::lock_guard<std::mutex> lock(mutex);
  const auto found = all().find(handle);
  if (found == all().end()) return false;
  found->second.now = value;
  return true;
}

uint32_t readConditional(uint64_t handle) {
  std::lock_guard<std::mutex> lock(mutex);
  const auto found = all().find(handle);
  return found == all().end() ? 0 : found->second.now;
}

uint64_t createConditional(uint32_t initial, bool isAssigned) {
  std::lock_guard<std::mutex> lock(mutex);
  static uint64_t next = 0xc0de000000000000ull;
  all()[++next] = {initial, initial, isAssigned};
  return next;
}

bool isConditional(uint64_t handle) {
  std::lock_guard<std::mutex> lock(mutex);
  return all().count(handle) > 0;
}

void dropConditional(uint64_t handle) {
  std::lock_guard<std::mutex> lock(mutex);
  all().erase(handle);
}

void resetConditional(uint64_t handle) {
  std::lock_guard<std::mutex> lock(mutex);
  const auto found = all().find(handle);
  if (found != all().end() && found->second.isAssigned) found->second.now = found->second.initial;
}

// memory: a map of allocations; each has guards around it that no kernel may touch
#include "memory.h"
#include <cstdlib>

constexpr uint64_t guard = 4096;  // before and after; a whole page, so that allocations are aligned like it

uint64_t MemoryMap::allocate(uint64_t bytes, Kind kind, uint32_t device, const void* context) {
  if (kind == Kind::device && used(device) + bytes > deviceBytes) return 0;
  void* memory = nullptr;
  if (bytes > deviceBytes || posix_memalign(&memory, guard, bytes + 2 * guard) != 0) return 0;
  memset(memory, poison, bytes + 2 * guard);
  const uint64_t start = (uint64_t)memory + guard;
  add({start, bytes, kind, device, context});
  return start;
}

void MemoryMap::add(Allocation allocation) {
  std::unique_lock<std::shared_mutex> lock(mutex_);
  all_[allocation.start] = allocation;
}

bool MemoryMap::release(uint64_t start) {
  Allocation allocation;
  {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    const auto found = all_.find(start);
    if (found == all_.end()) return false;
    allocation = found->second;
    all_.erase(found);
  }
  if (allocation.kind != Kind::registered) free((void*)(start - guard));
  return true;
}

void MemoryMap::releaseAll(const void* context) {
  std::vector<uint64_t> starts;
  {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    for (const auto& [start, allocation] : all_) if (allocation.context == context) starts.push_back(start);
  }
  for (uint64_t start : starts) release(start);
}

bool MemoryMap::nearest(uint64_t address, Allocation& found) const {
  std::shared_lock<std::shared_mutex> lock(mutex_);
  auto after = all_.upper_bound(address);
  if (after == all_.begin()) return false;
  found = std::prev(after)->second;
  return true;
}

bool MemoryMap::find(uint64_t address, uint64_t bytes, Allocation& found) const {
  return nearest(address, found) && address + bytes <= found.start + found.bytes && address + bytes >= address;
}

uint64_t MemoryMap::used(uint32_t device) const {
  std::shared_lock<std::shared_mutex> lock(mutex_);
  uint64_t sum = 0;
  for (const auto& [start, allocation] : all_)
    if (allocation.device == device && (allocation.kind == Kind::device || allocation.kind == Kind::variable)) sum += allocation.bytes;
  return sum;
}

MemoryMap& memoryMap() {
  static MemoryMap* map = new MemoryMap();
  return *map;
}

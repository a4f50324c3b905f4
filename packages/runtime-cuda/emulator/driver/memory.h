// memory: what is allocated, on which device
#pragma once
#include <map>
#include <mutex>
#include <shared_mutex>
#include "../machine/machine.h"

enum class Kind : uint8_t { device, variable, constant, pinned, registered };

struct Allocation { uint64_t start, bytes; Kind kind; uint32_t device; const void* context; };

class MemoryMap {
 public:
  /** Adds poisoned memory and returns its address, 0 where there is no more. */
  uint64_t allocate(uint64_t bytes, Kind kind, uint32_t device, const void* context);
  /** Adds memory that somebody else owns. */
  void add(Allocation allocation);
  /** Removes what starts here; its memory is given back where `allocate` made it. False where nothing starts here. */
  bool release(uint64_t start);
  /** Removes all that belongs to a context. */
  void releaseAll(const void* context);
  /** The allocation that holds all of these bytes. */
  bool find(uint64_t address, uint64_t bytes, Allocation& found) const;
  /** The last allocation that starts at or before an address, for messages. */
  bool nearest(uint64_t address, Allocation& found) const;
  uint64_t used(uint32_t device) const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<uint64_t, Allocation> all_;
};

/** All memory of the process: addresses are the same for host and devices. */
MemoryMap& memoryMap();

constexpr uint64_t deviceBytes = 8ull << 30;

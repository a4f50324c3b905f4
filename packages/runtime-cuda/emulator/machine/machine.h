// machine: what executes — instructions, warps of 32 lanes in lockstep, blocks, workers
//
// A register is a slot in the register file of a warp: 32 values side by side, so that an instruction is a loop over
// lanes that the C++ compiler vectorises. A predicate is a mask of 32 bits. Constants and special registers are slots too.
#pragma once
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>
#include "../ptx/types.h"

constexpr uint32_t lanes = 32, allLanes = 0xffffffffu;
constexpr uint8_t poison = 0xCB;  // what memory and registers hold before something is written
constexpr uint32_t maxSharedBytes = 227 * 1024, maxStaticSharedBytes = 48 * 1024;

struct Warp;
struct Block;
struct Worker;
struct Kernel;
struct Instr;

/** Executes an instruction for the lanes of a mask. */
using Handler = void (*)(Warp&, const Instr&, uint32_t mask);

struct Instr {
  Handler run = nullptr;
  uint32_t d = 0, a = 0, b = 0, c = 0;  // slots: byte offsets in the register file
  uint32_t guard = 0, guardFlip = 0;    // slot of the predicate, 0 for none; all ones where it is negated
  uint32_t target = 0;                  // of a branch
  uint32_t line = 0;                    // in the PTX text
  int64_t imm = 0;
  uint32_t site = 0;                    // number among the accesses to memory: where the range it last touched is kept
  uint32_t more = 0;                    // first of its further slots in `Kernel::more`
  uint8_t flow = 0;                     // decides itself where the warp goes on
  uint8_t count = 1;                    // elements of a vector
  uint8_t kind = 0, size = 0;           // what the family of the instruction makes of it
};

struct Param { uint32_t offset, bytes; };

/** An entry, decoded. */
struct Kernel {
  std::string name;
  std::vector<Instr> code;
  std::vector<uint32_t> more;
  std::vector<std::string> texts;        // of instructions that carry text
  std::vector<uint8_t> image;            // the register file of a warp at its start, less the special registers
  struct Special { uint32_t slot; uint8_t which, bytes; };
  std::vector<Special> specials;
  struct DynamicBase { uint32_t slot, bytes; };
  std::vector<DynamicBase> dynamicBases;  // constants that are the address of the dynamic shared memory
  std::vector<Param> params;
  uint32_t paramBytes = 0, staticShared = 0, localBytes = 0, sites = 0;
  uint32_t granule = 4;                  // bytes that the check for races tells apart
  uint32_t maxThreads[3] = {0, 0, 0}, requiredThreads[3] = {0, 0, 0};
  uint32_t registers32 = 0;              // registers of a thread in 32-bit units, for attributes
  bool hasProducts = false;              // of wgmma: then it is noted who writes shared memory and who fences
  uint32_t productRegisters = 0;         // how many registers its products read or write
  uint32_t dynamicAlign = 16;
  uint32_t dynamicStart() const { return (staticShared + dynamicAlign - 1) / dynamicAlign * dynamicAlign; }
};

/** What ends a launch: becomes the sticky error of the context. */
struct Fault { int code; std::string text; };

struct Dim3 { uint32_t x, y, z; uint64_t count() const { return uint64_t(x) * y * z; } };

struct Range { uint64_t low, high; };  // high is one past the end
class MemoryMap;                       // driver/memory.h

struct Launch {
  std::shared_ptr<const Kernel> kernel;
  std::vector<uint8_t> params;
  Dim3 grid, block;
  uint32_t dynamicShared = 0;
  uint32_t device = 0;
  uint32_t sharedBytes() const { return kernel->dynamicStart() + dynamicShared; }
};

/** Lanes of a warp that are at the same instruction. */
struct Fragment { uint32_t pc, mask; bool blocked; };

/** A copy from global to shared memory that has been asked for and not been waited for. */
struct AsyncCopy { uint64_t from; uint32_t to, bytes, fromBytes, group; uint8_t lane; uint32_t line; };

/** A wgmma that has been asked for and not been waited for: its descriptors, and when that was. */
struct Product { const Instr* instr; uint64_t a, b; bool adds; uint32_t group, barriers, moment; };

struct Warp {
  uint8_t* registers = nullptr;
  Block* block = nullptr;
  uint8_t* local = nullptr;  // of 32 lanes, one after another
  uint32_t index = 0, started = 0, live = 0;
  uint32_t pc = 0, mask = 0, limit = ~0u;  // of the fragment that runs; limit: where others wait for it
  bool stop = false;                       // the running fragment does not go on
  bool runsLast = false;                   // for a while the fragment with the largest pc runs
  uint64_t turns = 0;                      // how long the one or the other still does
  std::vector<Fragment> parked;
  enum State : uint8_t { running, atBarrier, done } state = running;
  uint32_t barrier = 0;
  const Instr* reduction = nullptr;  // the bar.red that it waits in, and what its lanes bring
  uint32_t syncEpoch = 1;            // counts what orders the lanes of the warp among themselves
  uint32_t copyGroups[lanes] = {};  // of cp.async, by lane: how many have been committed
  std::vector<AsyncCopy> copies;
  uint32_t productGroups = 0, productCount = 0;  // of wgmma: groups committed, products asked for
  bool hasFenced = false;                        // there has been a wgmma.fence
  std::vector<uint32_t> touched;  // by register of products: the line that touched it since the last wgmma.fence
  std::vector<Product> products;

  template <class T> T* slot(uint32_t offset) { return reinterpret_cast<T*>(registers + offset); }
  uint32_t& predicate(uint32_t offset) { return *slot<uint32_t>(offset); }
};

struct Barrier { uint32_t arrived = 0, expected = 0, waiting = 0, any = 0, count = 0; bool all = true, open = false; };

/** What is noted in kernels with wgmma. A moment is a number that grows with each write, fence and product of the block. */
struct ProductNotes {
  struct Write { uint32_t moment, line, thread; };
  struct Fence { uint32_t moment, barriers, before; };  // before: the last one that a barrier came after
  uint32_t moment = 0, barriers = 0;                    // barriers: how many there have been
  std::vector<Write> writes;                  // by granule: the last one
  std::vector<Fence> fences;                  // by thread: its last fence.proxy.async
  std::vector<std::vector<Product>> asked;    // by warpgroup: what each of its warps has to ask for
};

struct Block {
  const Launch* launch = nullptr;
  const Kernel* kernel = nullptr;
  Worker* worker = nullptr;
  Dim3 index{};
  uint32_t threads = 0, sharedBytes = 0;
  uint64_t steps = 0;
  uint32_t polls = 0;  // loads and atomics by which it may wait for others
  std::vector<Warp> warps;
  std::vector<uint8_t> registers, local, sharedStore;
  uint8_t* shared = nullptr;
  std::vector<uint32_t> written, read;  // the check for races: who last touched a granule, and when
  uint32_t epoch = 1;                   // counts barriers
  Barrier barriers[16];
  ProductNotes notes;
};

/** A thread of the host that executes blocks. */
struct Worker {
  const MemoryMap* memory = nullptr;
  std::vector<Range> sites;  // by `Instr::site`: the allocation that it last touched
};

/** What the environment asks of the emulator. */
struct Settings {
  bool races = true;     // TSJIT_EMU_RACES=0 turns the check off
  bool reverse = false;  // TSJIT_EMU_REVERSE=1: blocks and warps run in the opposite order
  bool quiet = false;    // TSJIT_EMU_QUIET=1: faults are not written to stderr
  unsigned threads = 1;  // TSJIT_EMU_THREADS
  unsigned devices = 1;  // TSJIT_EMU_DEVICES
  unsigned major = 9, minor = 0;  // TSJIT_EMU_CAPABILITY=9.0
  unsigned multiprocessors = 132;  // TSJIT_EMU_MULTIPROCESSORS
  double timeout = 120;  // TSJIT_EMU_TIMEOUT: seconds after which a launch has hung
};
const Settings& settings();

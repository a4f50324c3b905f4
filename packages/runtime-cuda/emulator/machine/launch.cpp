// launch: blocks are taken one by one by the calling thread and by helpers
//
// A small launch never wakes a helper: they are called only when blocks are left after a few microseconds. A block that
// spins for long (waiting for another block) is set aside for others and taken up again.
#include "launch.h"
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include "block.h"
#include "fault.h"

namespace {
using Clock = std::chrono::steady_clock;

struct Grid {
  Grid(const Launch& launch, const MemoryMap& memory) : launch(launch), memory(memory) {}
  const Launch& launch;
  const MemoryMap& memory;
  Clock::time_point start = Clock::now();
  std::atomic<uint64_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::optional<Fault> fault;

  void fail(Fault what) {
    std::lock_guard<std::mutex> lock(mutex);
    if (!failed.exchange(true)) fault = std::move(what);
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start).count(); }
};

Dim3 indexOf(const Grid& grid, uint64_t flat) {
  const Dim3& size = grid.launch.grid;
  if (settings().reverse) flat = size.count() - 1 - flat;
  return {uint32_t(flat % size.x), uint32_t(flat / size.x % size.y), uint32_t(flat / size.x / size.y)};
}

// What a thread of the host keeps from launch to launch.
struct Room {
  Worker worker;
  std::vector<std::unique_ptr<Block>> idle;
  std::unique_ptr<Block> take() {
    if (idle.empty()) return std::make_unique<Block>();
    auto block = std::move(idle.back());
    idle.pop_back();
    return block;
  }
};

bool runFor(Grid& grid, Block& block) {
  if (runBlock(block)) return true;
  if (grid.seconds() > settings().timeout) {
    const Warp& warp = block.warps.front();
    const Instr& instr = grid.launch.kernel->code[warp.parked.empty() ? 0 : warp.parked.front().pc];
    ::fault(warp, instr, 0, error::timeout, "the launch has not ended after " + std::to_string((int)settings().timeout) + " s");
  }
  return false;
}

void work(Grid& grid, const std::function<void()>& callHelpers) {
  static thread_local Room room;
  room.worker.memory = &grid.memory;
  room.worker.sites.assign(grid.launch.kernel->sites + 1, Range{1, 0});
  const uint64_t count = grid.launch.grid.count();
  std::deque<std::unique_ptr<Block>> aside;
  bool hasCalled = !callHelpers;
  try {
    while (!grid.failed) {
      const uint64_t flat = grid.next.fetch_add(1);
      if (flat < count) {
        auto block = room.take();
        startBlock(*block, grid.launch, room.worker, indexOf(grid, flat));
        if (runFor(grid, *block)) room.idle.push_back(std::move(block));
        else aside.push_back(std::move(block));
        if (!hasCalled && flat + 1 < count && grid.seconds() > 20e-6) { callHelpers(); hasCalled = true; }
      } else if (!aside.empty()) {
        auto block = std::move(aside.front());
        aside.pop_front();
        if (runFor(grid, *block)) room.idle.push_back(std::move(block));
        else aside.push_back(std::move(block));
      } else break;
    }
  } catch (Fault& fault) {
    grid.fail(std::move(fault));
  }
}

// Threads that wait for a grid to help with. Never torn down: the process may end while one is asleep.
class Helpers {
 public:
  explicit Helpers(unsigned count) {
    for (unsigned i = 0; i < count; i++) std::thread([this] { loop(); }).detach();
    count_ = count;
  }
  bool any() const { return count_ > 0; }
  void offer(Grid& grid) {
    std::lock_guard<std::mutex> lock(mutex_);
    grids_.push_back(&grid);
    ready_.notify_all();
  }
  void withdraw(Grid& grid) {
    std::unique_lock<std::mutex> lock(mutex_);
    for (size_t i = 0; i < grids_.size(); i++) if (grids_[i] == &grid) { grids_.erase(grids_.begin() + i); break; }
    left_.wait(lock, [&] { for (Grid* busy : busy_) if (busy == &grid) return false; return true; });
  }

 private:
  void loop() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      ready_.wait(lock, [&] { return !grids_.empty(); });
      Grid* grid = grids_.front();
      busy_.push_back(grid);
      lock.unlock();
      work(*grid, nullptr);
      lock.lock();
      // Its blocks are all taken: nobody else needs to look.
      for (size_t i = 0; i < grids_.size(); i++) if (grids_[i] == grid) { grids_.erase(grids_.begin() + i); break; }
      for (size_t i = 0; i < busy_.size(); i++) if (busy_[i] == grid) { busy_.erase(busy_.begin() + i); break; }
      left_.notify_all();
    }
  }
  std::mutex mutex_;
  std::condition_variable ready_, left_;
  std::vector<Grid*> grids_, busy_;
  unsigned count_ = 0;
};
}  // namespace

std::optional<Fault> runLaunch(const Launch& launch, const MemoryMap& memory) {
  static Helpers* helpers = new Helpers(settings().threads - 1);
  Grid grid(launch, memory);
  bool isOffered = false;
  const auto call = [&] { isOffered = true; helpers->offer(grid); };
  work(grid, helpers->any() && launch.grid.count() > 1 ? std::function<void()>(call) : nullptr);
  if (isOffered) helpers->withdraw(grid);
  return std::move(grid.fault);
}

// context: devices, contexts and what belongs to them
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include "errors.h"
#include "memory.h"

struct Stream;
struct Context;

/** Objects that the API hands out as pointers: a call with anything else is answered, not followed. */
template <class T> class Handles {
 public:
  T* add(T* object) { std::lock_guard<std::mutex> lock(mutex_); all_.insert(object); return object; }
  bool has(const void* object) { std::lock_guard<std::mutex> lock(mutex_); return all_.count((T*)object) > 0; }
  bool remove(const void* object) { std::lock_guard<std::mutex> lock(mutex_); return all_.erase((T*)object) > 0; }
  /** Removes those that belong to a context, and returns them. */
  std::vector<T*> removeOf(const void* context) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<T*> removed;
    for (T* object : all_) if (object->context == context) removed.push_back(object);
    for (T* object : removed) all_.erase(object);
    return removed;
  }
  template <class F> void forEach(F f) { std::lock_guard<std::mutex> lock(mutex_); for (T* object : all_) f(object); }

 private:
  std::mutex mutex_;
  std::set<T*> all_;
};
template <class T> Handles<T>& handles() {
  static auto* const all = new Handles<T>();
  return *all;
}

struct Context {
  uint32_t device = 0;
  std::atomic<int> sticky{0};  // the first fault: what every later call returns
  Stream *legacy = nullptr, *perThread = nullptr;
  uint32_t retained = 0;
  unsigned flags = 0;
};

/** Whether cuInit has been called. */
bool& isInitialized();
/** The contexts that this thread has pushed; the last one is current. */
std::vector<Context*>& contextStack();
inline Context* current() { auto& stack = contextStack(); return stack.empty() ? nullptr : stack.back(); }
Context& primaryContext(uint32_t device);

/** Ends the work of a context and makes all that it has handed out invalid. */
void destroyResources(Context& context);

/** Marks a context as failed: the fault is kept for those who ask, and written to stderr. */
void fail(Context& context, const Fault& fault);
std::string lastFault();
void clearFaults();

#define EXPORT extern "C" __attribute__((visibility("default")))
/** At the start of a call that needs a context that has not failed. */
#define NEED_CONTEXT(name)                              \
  if (!isInitialized()) return notInitialized;          \
  Context* name = current();                            \
  if (!name) return invalidContext;                     \
  if (const int sticky = name->sticky) return sticky;

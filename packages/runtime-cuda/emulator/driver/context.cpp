// context: state of the process
#include "context.h"
#include <cstdio>
#include "stream.h"

bool& isInitialized() {
  static bool is = false;
  return is;
}

std::vector<Context*>& contextStack() {
  static thread_local std::vector<Context*> stack;
  return stack;
}

Context& primaryContext(uint32_t device) {
  static std::mutex mutex;
  static auto* const all = new std::unordered_map<uint32_t, Context*>();
  std::lock_guard<std::mutex> lock(mutex);
  Context*& context = (*all)[device];
  if (!context) {
    context = handles<Context>().add(new Context());
    context->device = device;
    openDefaultStreams(*context);
  }
  return *context;
}

static std::mutex faultMutex;
static std::string& faultText() {
  static auto* const text = new std::string();
  return *text;
}

void fail(Context& context, const Fault& fault) {
  int none = 0;
  if (!context.sticky.compare_exchange_strong(none, fault.code)) return;
  std::lock_guard<std::mutex> lock(faultMutex);
  faultText() = fault.text;
  if (!settings().quiet) fprintf(stderr, "tsjit emulator: %s: %s\n", resultName(fault.code), fault.text.c_str());
}

std::string lastFault() {
  std::lock_guard<std::mutex> lock(faultMutex);
  return faultText();
}

void clearFaults() {
  handles<Context>().forEach([](Context* context) { context->sticky = 0; });
  std::lock_guard<std::mutex> lock(faultMutex);
  faultText().clear();
}

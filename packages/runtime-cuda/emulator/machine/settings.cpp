// settings: read from the environment once
#include <algorithm>
#include <cstdlib>
#include <thread>
#include "machine.h"

namespace {
const char* variable(const char* name) {
  const char* value = getenv(name);
  return value && *value ? value : nullptr;
}

bool flag(const char* name, bool usual) {
  const char* value = variable(name);
  return value ? *value != '0' : usual;
}

double number(const char* name, double usual) {
  const char* value = variable(name);
  return value ? strtod(value, nullptr) : usual;
}

Settings read() {
  Settings s;
  s.races = flag("TSJIT_EMU_RACES", true);
  s.reverse = flag("TSJIT_EMU_REVERSE", false);
  s.quiet = flag("TSJIT_EMU_QUIET", false);
  s.threads = std::max(1.0, number("TSJIT_EMU_THREADS", std::max(1u, std::thread::hardware_concurrency())));
  s.devices = number("TSJIT_EMU_DEVICES", 1);
  s.multiprocessors = std::max(1.0, number("TSJIT_EMU_MULTIPROCESSORS", 132));
  s.timeout = number("TSJIT_EMU_TIMEOUT", 120);
  if (const char* capability = variable("TSJIT_EMU_CAPABILITY")) {
    char* end;
    s.major = strtoul(capability, &end, 10);
    s.minor = *end == '.' ? strtoul(end + 1, nullptr, 10) : 0;
  }
  return s;
}
}  // namespace

const Settings& settings() {
  static const Settings all = read();
  return all;
}

// ast: PTX text as the parser leaves it; names of registers and variables are resolved, labels are not
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include "types.h"

enum class Space : uint8_t { generic, global, shared, local, constant, param };

/** What is wrong with a module, with its line: becomes the text of the error log. */
struct PtxError : std::runtime_error {
  PtxError(uint32_t line, const std::string& what)
      : std::runtime_error("ptx line " + std::to_string(line) + ": error: " + what) {}
};

/** A place in an initialiser that takes the address of a variable once that has one. */
struct Relocation { uint64_t at; std::string symbol; int64_t offset; bool generic; };

/** A variable, or a parameter of a function. */
struct Variable {
  std::string name;
  Space space = Space::global;
  Ty type = Ty::b32;
  uint32_t align = 1;
  uint64_t bytes = 0;
  bool isOpenArray = false;  // `.extern .shared x[]`: the dynamic shared memory of the launch
  bool isExtern = false;
  std::vector<uint8_t> initial;
  std::vector<Relocation> relocations;
  uint64_t address = 0;  // of global and constant variables; offset of parameters
};

struct Operand {
  enum Kind : uint8_t { Register, Integer, Float32, Float64, Symbol, Special, Address, Vector, Pair, List, Name, Sink };
  Kind kind = Sink;
  bool negated = false;     // !%p, or a negative integer
  uint32_t reg = 0;
  uint64_t bits = 0;        // of an immediate
  int64_t offset = 0;       // of an address, or of a symbol
  const Variable* variable = nullptr;
  std::string_view name;    // of a special register, label or function
  std::vector<Operand> items;  // of a vector, pair or list; the base of an address
};

struct Register { Ty type; std::string_view name; };

struct Instruction {
  std::string_view opcode;             // `add.f32` whole
  std::vector<std::string_view> parts;  // `add`, `f32`
  std::vector<Operand> operands;
  int64_t guard = -1;                  // register of the predicate
  bool guardNegated = false;
  uint32_t line = 0;
  uint32_t scope = 0;
};

struct PtxFunction {
  std::string_view name;
  bool isEntry = false;
  bool isExtern = false;
  uint32_t line = 0;
  std::vector<std::unique_ptr<Variable>> params, results, variables;
  std::vector<Register> registers;
  std::vector<Instruction> code;
  std::vector<uint32_t> scopeParent;                             // of each scope; scope 0 is the body
  std::map<std::pair<uint32_t, std::string_view>, uint32_t> labels;  // scope and name to the instruction that follows
  std::map<std::pair<uint32_t, std::string_view>, std::vector<std::string_view>> branchTargets;
  uint32_t maxThreads[3] = {0, 0, 0}, requiredThreads[3] = {0, 0, 0};
  uint32_t paramBytes = 0;
};

struct PtxModule {
  std::string text;  // without comments; what all names of the module point into
  uint32_t versionMajor = 0, versionMinor = 0;
  uint32_t target = 0;  // 90 for sm_90
  bool isArchSpecific = false;  // sm_90a
  std::vector<std::unique_ptr<Variable>> variables;
  std::vector<std::unique_ptr<PtxFunction>> functions;
};

/** Parses a module. Throws `PtxError`. */
std::unique_ptr<PtxModule> parsePtx(std::string text);

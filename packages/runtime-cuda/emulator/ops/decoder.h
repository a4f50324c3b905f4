// decoder: turns the instructions of an entry, and of the functions that it calls, into handlers and slots
#pragma once
#include <set>
#include "../machine/fault.h"
#include "../ptx/ast.h"

class Decoder {
 public:
  Decoder(const PtxModule& module, Kernel& kernel) : module_(module), kernel_(kernel) {}
  void decode(const PtxFunction& entry);

  // The instruction at hand.
  const Instruction& instruction() const { return *at_; }
  size_t operandCount() const { return at_->operands.size(); }
  const Operand& operand(size_t index) const;
  bool has(std::string_view part) const;
  /** The first of these parts that the opcode has, by index, or -1. */
  int which(std::initializer_list<std::string_view> parts) const;
  /** The type that is `fromEnd` types before the last one of the opcode; `Ty::none` where there is none. */
  Ty type(size_t fromEnd = 0) const;
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void unsupported() const { fail("unsupported instruction '" + std::string(at_->opcode) + "'"); }

  // Slots.
  /** Of an operand that is read as a value of this type. */
  uint32_t source(const Operand& operand, Ty type);
  uint32_t source(size_t index, Ty type) { return source(operand(index), type); }
  /** Of an operand that is written; `_` has a slot that nobody reads. */
  uint32_t destination(const Operand& operand, Ty type);
  uint32_t destination(size_t index, Ty type) { return destination(operand(index), type); }
  /** Of a register of any width, which is then in `bytes`. */
  uint32_t wideSource(const Operand& operand, Ty type, uint32_t& bytes);
  uint32_t wideDestination(const Operand& operand, Ty type, uint32_t& bytes);
  /** Of a predicate, and whether it is negated. */
  uint32_t predicate(const Operand& operand, uint32_t& flip);
  uint32_t constant(uint64_t bits, uint32_t bytes);
  uint32_t temporary(uint32_t bytes) { return allocate(bytes == 1 ? 4 : bytes * lanes); }
  /** The carries of the threads: one predicate. */
  uint32_t carrySlot() { return carry_ ? carry_ : carry_ = allocate(4); }
  /** Further slots of an instruction, in order. */
  uint32_t addMore(std::initializer_list<uint32_t> slots);
  uint32_t addMore(const std::vector<uint32_t>& slots);
  uint32_t addText(std::string text);

  /** What an address consists of: a slot of 4 or 8 bytes a lane and a number. Says in which space a variable lies. */
  struct Place { uint32_t slot; uint32_t bytes; int64_t offset; Space space; };
  Place place(const Operand& address, Space space);

  // Instructions.
  Instr& emit(Handler run, bool isFlow = false);
  /** With d, a, b, c read from the operands in order, all of one type. */
  Instr& emitSame(Handler run, Ty type);
  uint32_t nextSite() { return kernel_.sites++; }
  /** The number of a register that products of wgmma read or write. */
  uint32_t productRegister(const Operand& operand);
  /** Says that the kernel has products, and checks that its module may. */
  void noteProducts();
  void noteSharedAccess(uint32_t bytes) { if (bytes < kernel_.granule) kernel_.granule = bytes; }
  void branch(std::string_view label, Handler run);
  std::vector<std::string_view> branchTargets(std::string_view label) const;
  /** An index in `Kernel::more` that becomes the pc of a label. */
  void patchTarget(uint32_t more, std::string_view label);
  void emitReturn();
  void call();

 private:
  struct Patch { size_t instr; std::string_view label; uint32_t scope, line; bool isMore; };
  /** One function body: calls are expanded in place, each with registers of its own. */
  struct Frame {
    const PtxFunction* function;
    std::vector<uint32_t> slots;  // by register
    std::map<const Variable*, uint32_t> locals;
    std::vector<uint32_t> pcs;    // by instruction
    std::vector<Patch> patches;
    std::vector<size_t> returns;
    Frame* caller;
    std::map<uint32_t, uint32_t> productRegisters;  // by register
  };
  void decodeBody(Frame& frame);
  void decodeInstruction();
  void findProductRegisters(Frame& frame);
  void emitTouch();
  uint32_t labelAt(const Frame& frame, const Patch& patch) const;
  uint32_t allocate(uint32_t bytes);
  uint32_t special(std::string_view name, Ty type);
  uint32_t symbol(const Operand& operand, uint32_t bytes);
  uint32_t localOffset(const Variable& variable);
  uint32_t sharedOffset(const Variable& variable);
  bool isEntryParam(const Variable& variable) const;
  bool callBuiltin(std::string_view name);
  uint32_t argument(const Operand& operand, const Variable& param);

  const PtxModule& module_;
  Kernel& kernel_;
  Frame* frame_ = nullptr;
  const Instruction* at_ = nullptr;
  uint32_t carry_ = 0;
  std::map<std::pair<uint64_t, uint32_t>, uint32_t> constants_;
  std::map<std::pair<std::string_view, uint32_t>, uint32_t> specials_;
  std::map<const Variable*, uint32_t> shared_;
};

/** How an instruction is decoded, by the first part of its opcode. */
struct OpRow { std::string_view name; void (*decode)(Decoder&); };
using OpTable = std::vector<OpRow>;

/** The row of this name, or nullptr. */
const OpRow* opNamed(std::string_view name);

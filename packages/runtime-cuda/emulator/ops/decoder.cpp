// decoder: registers, constants and variables get their places; labels become numbers of instructions
#include "decoder.h"
#include "../machine/special.h"
#include "handlers.h"

void Decoder::fail(const std::string& what) const { throw PtxError(at_ ? at_->line : 0, what); }

void Decoder::decode(const PtxFunction& entry) {
  kernel_.name = std::string(entry.name);
  allocate(lanes * 8);  // slot 0 is zero in all widths, and no predicate
  for (const auto& param : entry.params) kernel_.params.push_back({(uint32_t)param->address, (uint32_t)param->bytes});
  kernel_.paramBytes = entry.paramBytes;
  std::copy(entry.maxThreads, entry.maxThreads + 3, kernel_.maxThreads);
  std::copy(entry.requiredThreads, entry.requiredThreads + 3, kernel_.requiredThreads);
  Frame frame{&entry, {}, {}, {}, {}, {}, nullptr, {}};
  decodeBody(frame);
  kernel_.image.resize((kernel_.image.size() + 63) & ~63ull);
  if (kernel_.staticShared > maxStaticSharedBytes)
    fail("entry " + kernel_.name + " uses " + std::to_string(kernel_.staticShared) + " bytes of static shared memory, more than " +
         std::to_string(maxStaticSharedBytes));
}

void Decoder::decodeBody(Frame& frame) {
  Frame* const outer = frame_;
  const Instruction* const outerAt = at_;
  frame_ = &frame;
  const PtxFunction& function = *frame.function;
  for (const Register& reg : function.registers) {
    frame.slots.push_back(allocate(reg.type == Ty::pred ? 4 : bytesOf(reg.type) * lanes));
    if (reg.type != Ty::pred) kernel_.registers32 += (bytesOf(reg.type) + 3) / 4;
  }
  findProductRegisters(frame);
  for (const Instruction& instruction : function.code) {
    frame.pcs.push_back(kernel_.code.size());
    at_ = &instruction;
    decodeInstruction();
  }
  frame.pcs.push_back(kernel_.code.size());
  if (function.isEntry) emit(handleExit, true).guard = 0;  // the end of the body is a return
  for (const Patch& patch : frame.patches) {
    const uint32_t target = labelAt(frame, patch);
    if (patch.isMore) kernel_.more[patch.instr] = target;
    else kernel_.code[patch.instr].target = target;
  }
  for (size_t index : frame.returns) kernel_.code[index].target = kernel_.code.size();
  frame_ = outer;
  at_ = outerAt;
}

void Decoder::decodeInstruction() {
  const OpRow* row = opNamed(at_->parts[0]);
  if (!row) fail("unknown instruction '" + std::string(at_->opcode) + "'");
  if (!frame_->productRegisters.empty() && at_->parts[0] != "wgmma") emitTouch();
  row->decode(*this);
}

namespace {
template <class F> void eachRegister(const Operand& operand, F f) {
  if (operand.kind == Operand::Register) f(operand.reg);
  for (const Operand& item : operand.items) eachRegister(item, f);
}
}  // namespace

// The registers in braces: accumulators, and A where it is in registers.
void Decoder::findProductRegisters(Frame& frame) {
  for (const Instruction& instruction : frame.function->code) {
    if (instruction.parts[0] != "wgmma") continue;
    for (const Operand& operand : instruction.operands)
      if (operand.kind == Operand::Vector)
        eachRegister(operand, [&](uint32_t reg) {
          if (frame.productRegisters.try_emplace(reg, kernel_.productRegisters).second) kernel_.productRegisters++;
        });
  }
}

// Other instructions that touch them say so, for the next product to know whether there was a wgmma.fence.
void Decoder::emitTouch() {
  std::vector<uint32_t> touched;
  for (const Operand& operand : at_->operands)
    eachRegister(operand, [&](uint32_t reg) {
      const auto found = frame_->productRegisters.find(reg);
      if (found != frame_->productRegisters.end()) touched.push_back(found->second);
    });
  if (touched.empty()) return;
  const uint32_t more = addMore(touched);
  Instr& instr = emit(handleTouch);
  instr.more = more;
  instr.imm = touched.size();
}

uint32_t Decoder::productRegister(const Operand& operand) {
  if (operand.kind != Operand::Register) fail("'" + std::string(at_->opcode) + "' takes registers in braces");
  return frame_->productRegisters.at(operand.reg);
}

void Decoder::noteProducts() {
  if (module_.target != 90 || !module_.isArchSpecific) fail("'" + std::string(at_->opcode) + "' needs .target sm_90a");
  if (module_.versionMajor < 8) fail("'" + std::string(at_->opcode) + "' needs .version 8.0");
  kernel_.hasProducts = true;
}

uint32_t Decoder::labelAt(const Frame& frame, const Patch& patch) const {
  for (uint32_t scope = patch.scope;; scope = frame.function->scopeParent[scope]) {
    const auto found = frame.function->labels.find({scope, patch.label});
    if (found != frame.function->labels.end()) return frame.pcs[found->second];
    if (scope == 0) throw PtxError(patch.line, "unknown label '" + std::string(patch.label) + "'");
  }
}

const Operand& Decoder::operand(size_t index) const {
  if (index >= at_->operands.size()) fail("'" + std::string(at_->opcode) + "' needs more operands");
  return at_->operands[index];
}

bool Decoder::has(std::string_view part) const {
  for (size_t i = 1; i < at_->parts.size(); i++) if (at_->parts[i] == part) return true;
  return false;
}

int Decoder::which(std::initializer_list<std::string_view> parts) const {
  int index = 0;
  for (std::string_view part : parts) {
    if (has(part)) return index;
    index++;
  }
  return -1;
}

Ty Decoder::type(size_t fromEnd) const {
  for (size_t i = at_->parts.size(); i-- > 1;) {
    const Ty type = typeNamed(at_->parts[i]);
    if (type != Ty::none && fromEnd-- == 0) return type;
  }
  return Ty::none;
}

uint32_t Decoder::allocate(uint32_t bytes) {
  const uint32_t align = bytes >= 64 ? 64 : 4;
  const uint32_t slot = (kernel_.image.size() + align - 1) / align * align;
  kernel_.image.resize(slot + bytes, slot == 0 ? 0 : poison);
  return slot;
}

uint32_t Decoder::constant(uint64_t bits, uint32_t bytes) {
  if (bytes < 8) bits &= (1ull << (bytes * 8)) - 1;
  const auto [at, isNew] = constants_.try_emplace({bits, bytes}, 0);
  if (!isNew) return at->second;
  at->second = allocate(bytes * lanes);
  for (uint32_t lane = 0; lane < lanes; lane++) memcpy(&kernel_.image[at->second + lane * bytes], &bits, bytes);
  return at->second;
}

uint32_t Decoder::special(std::string_view name, Ty type) {
  const SpecialRow* row = specialNamed(name);
  if (!row) fail("unknown register '" + std::string(name) + "'");
  if (row->bytes != bytesOf(type)) fail("'" + std::string(name) + "' has " + std::to_string(row->bytes * 8) + " bits");
  if (isClock(row->which)) {
    const uint32_t slot = temporary(row->bytes);
    Instr& read = emit(row->bytes == 8 ? handleClock64 : handleClock32);
    read.d = slot;
    return slot;
  }
  const auto [at, isNew] = specials_.try_emplace({row->name, row->bytes}, 0);
  if (!isNew) return at->second;
  at->second = allocate(row->bytes * lanes);
  kernel_.specials.push_back({at->second, row->which, row->bytes});
  return at->second;
}

uint32_t Decoder::source(const Operand& operand, Ty type) {
  const uint32_t bytes = bytesOf(type);
  switch (operand.kind) {
    case Operand::Register: {
      const Ty held = frame_->function->registers[operand.reg].type;
      if (held == Ty::pred || bytesOf(held) != bytes)
        fail("operand '" + std::string(operand.name) + "' has not the " + std::to_string(bytes * 8) + " bits that '" +
             std::string(at_->opcode) + "' takes");
      return frame_->slots[operand.reg];
    }
    case Operand::Integer:
      if (type == Ty::f32 || type == Ty::f64) fail("'" + std::string(at_->opcode) + "' takes a floating-point number");
      return constant(operand.bits, bytes);
    case Operand::Float32:
      if (bytes != 4) fail("0f… has 32 bits, '" + std::string(at_->opcode) + "' takes " + std::to_string(bytes * 8));
      return constant(operand.bits, 4);
    case Operand::Float64: {
      if (bytes == 8) return constant(operand.bits, 8);
      double wide;
      memcpy(&wide, &operand.bits, 8);
      const float narrow = (float)wide;
      uint32_t bits;
      memcpy(&bits, &narrow, 4);
      if (bytes != 4) fail("a floating-point number in an instruction of " + std::to_string(bytes * 8) + " bits");
      return constant(bits, 4);
    }
    case Operand::Special: return special(operand.name, type);
    case Operand::Symbol: return symbol(operand, bytes);
    default: fail("operand of a wrong kind for '" + std::string(at_->opcode) + "': " + std::string(operand.name));
  }
}

uint32_t Decoder::destination(const Operand& operand, Ty type) {
  if (operand.kind == Operand::Sink) return temporary(bytesOf(type));
  if (operand.kind != Operand::Register) fail("'" + std::string(at_->opcode) + "' writes to something that is no register");
  return source(operand, type);
}

uint32_t Decoder::wideSource(const Operand& operand, Ty type, uint32_t& bytes) {
  bytes = bytesOf(type);
  if (operand.kind != Operand::Register) return source(operand, type);
  const Ty held = frame_->function->registers[operand.reg].type;
  if (held == Ty::pred || bytesOf(held) < bytes)
    fail("operand '" + std::string(operand.name) + "' is narrower than '" + std::string(at_->opcode) + "' takes");
  bytes = bytesOf(held);
  return frame_->slots[operand.reg];
}

uint32_t Decoder::wideDestination(const Operand& operand, Ty type, uint32_t& bytes) {
  if (operand.kind == Operand::Sink) return temporary(bytes = std::max(2u, bytesOf(type)));
  if (operand.kind != Operand::Register) fail("'" + std::string(at_->opcode) + "' writes to something that is no register");
  return wideSource(operand, type, bytes);
}

uint32_t Decoder::predicate(const Operand& operand, uint32_t& flip) {
  flip = operand.negated ? allLanes : 0;
  if (operand.kind == Operand::Sink) return temporary(1);
  if (operand.kind == Operand::Integer) return constant(operand.bits ? ~0ull : 0, 4);
  if (operand.kind != Operand::Register || frame_->function->registers[operand.reg].type != Ty::pred)
    fail("'" + std::string(operand.name) + "' is no predicate");
  return frame_->slots[operand.reg];
}

uint32_t Decoder::addMore(const std::vector<uint32_t>& slots) {
  const uint32_t first = kernel_.more.size();
  kernel_.more.insert(kernel_.more.end(), slots.begin(), slots.end());
  return first;
}
uint32_t Decoder::addMore(std::initializer_list<uint32_t> slots) { return addMore(std::vector<uint32_t>(slots)); }

uint32_t Decoder::addText(std::string text) {
  kernel_.texts.push_back(std::move(text));
  return kernel_.texts.size() - 1;
}

Instr& Decoder::emit(Handler run, bool isFlow) {
  Instr instr;
  instr.run = run;
  instr.flow = isFlow;
  instr.line = at_ ? at_->line : 0;
  if (at_ && at_->guard >= 0) {
    instr.guard = frame_->slots[at_->guard];
    instr.guardFlip = at_->guardNegated ? allLanes : 0;
  }
  kernel_.code.push_back(instr);
  return kernel_.code.back();
}

Instr& Decoder::emitSame(Handler run, Ty type) {
  if (!run) unsupported();
  const uint32_t d = destination(0, type), a = source(1, type);
  const uint32_t b = operandCount() > 2 ? source(2, type) : 0, c = operandCount() > 3 ? source(3, type) : 0;
  Instr& instr = emit(run);
  instr.d = d;
  instr.a = a;
  instr.b = b;
  instr.c = c;
  return instr;
}

void Decoder::branch(std::string_view label, Handler run) {
  Instr& instr = emit(run, true);
  (void)instr;
  frame_->patches.push_back({kernel_.code.size() - 1, label, at_->scope, at_->line, false});
}

void Decoder::patchTarget(uint32_t more, std::string_view label) {
  frame_->patches.push_back({more, label, at_->scope, at_->line, true});
}

std::vector<std::string_view> Decoder::branchTargets(std::string_view label) const {
  for (uint32_t scope = at_->scope;; scope = frame_->function->scopeParent[scope]) {
    const auto found = frame_->function->branchTargets.find({scope, label});
    if (found != frame_->function->branchTargets.end()) return found->second;
    if (scope == 0) fail("unknown list of targets '" + std::string(label) + "'");
  }
}

// variables: where the variables of each space lie; calls
#include "../machine/special.h"
#include "decoder.h"
#include "handlers.h"

static uint32_t alignTo(uint32_t offset, uint32_t align) { return (offset + align - 1) / align * align; }

// Static shared variables take their places as the entry meets them; the dynamic one comes after all of them.
uint32_t Decoder::sharedOffset(const Variable& variable) {
  const auto [at, isNew] = shared_.try_emplace(&variable, 0);
  if (!isNew) return at->second;
  at->second = kernel_.staticShared = alignTo(kernel_.staticShared, variable.align);
  kernel_.staticShared += variable.bytes;
  return at->second;
}

uint32_t Decoder::localOffset(const Variable& variable) {
  for (Frame* frame = frame_; frame; frame = frame->caller) {
    const auto found = frame->locals.find(&variable);
    if (found != frame->locals.end()) return found->second;
  }
  const uint32_t offset = kernel_.localBytes = alignTo(kernel_.localBytes, std::max(variable.align, 8u));
  kernel_.localBytes = alignTo(kernel_.localBytes + variable.bytes, 16);
  return frame_->locals[&variable] = offset;
}

bool Decoder::isEntryParam(const Variable& variable) const {
  const Frame* frame = frame_;
  while (frame->caller) frame = frame->caller;
  for (const auto& param : frame->function->params) if (param.get() == &variable) return true;
  return false;
}

// The address of a variable, as a constant.
uint32_t Decoder::symbol(const Operand& operand, uint32_t bytes) {
  const Variable& variable = *operand.variable;
  if (bytes < 4) fail("an address has not " + std::to_string(bytes * 8) + " bits");
  if (variable.space == Space::shared && variable.isOpenArray) {
    kernel_.dynamicAlign = std::max(kernel_.dynamicAlign, variable.align);
    if (operand.offset) fail("an offset to the dynamic shared memory is not supported here");
    const auto [at, isNew] = shared_.try_emplace(&variable, 0);
    (void)isNew;
    const auto [slot, isNewSlot] = specials_.try_emplace({"dynamic shared", bytes}, 0);
    (void)at;
    if (isNewSlot) {
      slot->second = allocate(bytes * lanes);
      kernel_.dynamicBases.push_back({slot->second, bytes});
    }
    return slot->second;
  }
  uint64_t address = variable.address;
  if (variable.space == Space::shared) address = sharedOffset(variable);
  else if (variable.space == Space::local) address = localOffset(variable);
  else if (variable.space == Space::param && !isEntryParam(variable)) address = localOffset(variable);
  else if (bytes != 8 && variable.space != Space::param) fail("the address of '" + variable.name + "' has 64 bits");
  return constant(address + operand.offset, bytes);
}

Decoder::Place Decoder::place(const Operand& address, Space space) {
  if (address.kind != Operand::Address) fail("'" + std::string(at_->opcode) + "' takes an address in brackets");
  const Operand& base = address.items[0];
  Place place{0, 8, address.offset, space};
  if (base.kind == Operand::Integer) { place.offset += (int64_t)base.bits; return place; }
  if (base.kind == Operand::Register) {
    const Ty held = frame_->function->registers[base.reg].type;
    place.bytes = bytesOf(held);
    if (held == Ty::pred || (place.bytes != 4 && place.bytes != 8)) fail("'" + std::string(base.name) + "' can hold no address");
    if (place.bytes == 4 && (space == Space::generic || space == Space::global)) fail("an address of this space has 64 bits");
    place.slot = frame_->slots[base.reg];
    return place;
  }
  if (base.kind != Operand::Symbol) fail("'" + std::string(base.name) + "' is no address");
  const Variable& variable = *base.variable;
  if (space == Space::generic && variable.space != Space::global && variable.space != Space::constant) place.space = variable.space;
  else if (space != Space::generic && variable.space != space)
    fail("'" + variable.name + "' is in another space than '" + std::string(at_->opcode) + "' takes");
  if (variable.space == Space::param && !isEntryParam(variable)) place.space = Space::local;
  place.slot = symbol(base, place.bytes);
  return place;
}

void Decoder::emitReturn() {
  if (!frame_->caller) { emit(handleExit, true); return; }
  frame_->returns.push_back(kernel_.code.size());
  emit(handleBranch, true);
}

// Where an argument lies: the callee's parameter is the caller's variable.
uint32_t Decoder::argument(const Operand& operand, const Variable& param) {
  if (operand.kind == Operand::Symbol && operand.variable->space == Space::param) return localOffset(*operand.variable);
  fail("arguments of calls must be .param variables, for '" + param.name + "'");
}

void Decoder::call() {
  const std::string_view name = operand(1).name;
  if (callBuiltin(name)) return;
  const PtxFunction* callee = nullptr;
  for (const auto& function : module_.functions)
    if (function->name == name && !function->isExtern && !function->isEntry) callee = function.get();
  if (!callee) fail("unknown function '" + std::string(name) + "'");
  for (Frame* frame = frame_; frame; frame = frame->caller)
    if (frame->function == callee) fail("'" + std::string(name) + "' calls itself: recursion is not supported");
  const auto &results = operand(0).items, &arguments = operand(2).items;
  if (results.size() != callee->results.size() || arguments.size() != callee->params.size())
    fail("'" + std::string(name) + "' is called with a wrong number of arguments");
  Frame frame{callee, {}, {}, {}, {}, {}, frame_, {}};
  for (size_t i = 0; i < arguments.size(); i++) frame.locals[callee->params[i].get()] = argument(arguments[i], *callee->params[i]);
  for (size_t i = 0; i < results.size(); i++) frame.locals[callee->results[i].get()] = argument(results[i], *callee->results[i]);
  // Lanes whose predicate is false go around the body.
  size_t around = SIZE_MAX;
  if (at_->guard >= 0) {
    around = kernel_.code.size();
    Instr& skip = emit(handleBranch, true);
    skip.guardFlip = ~skip.guardFlip;
  }
  decodeBody(frame);
  if (around != SIZE_MAX) kernel_.code[around].target = kernel_.code.size();
}

// Functions of the driver: a device has them without any library.
bool Decoder::callBuiltin(std::string_view name) {
  const auto& arguments = operand(2).items;
  if (name == "cudaGraphSetConditional" && arguments.size() == 2) {
    const uint32_t handle = localOffset(*arguments[0].variable), value = localOffset(*arguments[1].variable);
    Instr& instr = emit(handleSetConditional);
    instr.a = handle;
    instr.b = value;
    return true;
  }
  if (name == "__assertfail") {
    emit(handleAssert);
    return true;
  }
  return false;
}

// body: statements of PTX
#include "parser.h"

void Parser::parseBody() {
  scopes_.clear();
  openScope();
  for (auto* list : {&function_->params, &function_->results})
    for (auto& param : *list) scopes_.back().variables[param->name] = param.get();
  scan_.expect('{');
  while (!scopes_.empty()) {
    if (scan_.accept('{')) openScope();
    else if (scan_.accept('}')) closeScope();
    else if (scan_.atEnd()) scan_.fail("the body of " + std::string(function_->name) + " is not closed");
    else parseStatement();
  }
}

void Parser::openScope() {
  const uint32_t id = function_->scopeParent.size();
  function_->scopeParent.push_back(scopes_.empty() ? 0 : scopes_.back().id);
  scopes_.push_back({id, {}, {}, {}});
}

void Parser::closeScope() { scopes_.pop_back(); }

void Parser::parseStatement() {
  if (scan_.accept(';')) return;
  Instruction instruction;
  if (scan_.accept('@')) {
    instruction.guardNegated = scan_.accept('!');
    uint32_t reg;
    const std::string_view name = scan_.word();
    if (!findRegister(name, reg)) scan_.fail("unknown predicate '" + std::string(name) + "'");
    if (function_->registers[reg].type != Ty::pred) scan_.fail("'" + std::string(name) + "' is no predicate");
    instruction.guard = reg;
    return parseInstruction(scan_.word(), std::move(instruction));
  }
  const std::string_view word = scan_.word();
  if (scan_.accept(':')) {
    const auto key = std::make_pair(scopes_.back().id, word);
    if (scan_.acceptWord(".branchtargets")) {
      auto& targets = function_->branchTargets[key];
      do targets.push_back(scan_.word()); while (scan_.accept(','));
      scan_.expect(';');
    } else if (scan_.acceptWord(".callprototype")) scan_.until(';');
    else function_->labels[key] = function_->code.size();
    return;
  }
  if (word[0] == '.') {
    if (!parseLocalDirective(word)) scan_.fail("unknown directive '" + std::string(word) + "'");
    return;
  }
  parseInstruction(word, std::move(instruction));
}

bool Parser::parseLocalDirective(std::string_view word) {
  if (word == ".reg") { parseRegisters(); return true; }
  if (word == ".loc" || word == ".file") { scan_.restOfLine(); return true; }
  if (word == ".pragma") { scan_.until(';'); return true; }
  const Space space = word == ".shared" ? Space::shared : word == ".local" ? Space::local
                    : word == ".param" ? Space::param : word == ".const" ? Space::constant : Space::generic;
  if (space == Space::generic && word != ".global") return false;
  function_->variables.push_back(parseVariable(space == Space::generic ? Space::global : space, false));
  Variable* variable = function_->variables.back().get();
  scopes_.back().variables[variable->name] = variable;
  scan_.expect(';');
  return true;
}

void Parser::parseRegisters() {
  const std::string_view typeWord = scan_.word();
  const Ty type = typeNamed(typeWord.substr(1));
  if (type == Ty::none) scan_.fail("registers of type '" + std::string(typeWord) + "' are not supported");
  do {
    const std::string_view name = scan_.word();
    if (!scan_.accept('<')) { scopes_.back().registers[name] = addRegister(type, name); continue; }
    const uint32_t count = parseUnsigned();
    scan_.expect('>');
    scopes_.back().ranges[name] = {type, (uint32_t)function_->registers.size(), count};
    for (uint32_t i = 0; i < count; i++) addRegister(type, name);
  } while (scan_.accept(','));
  scan_.expect(';');
}

uint32_t Parser::addRegister(Ty type, std::string_view name) {
  function_->registers.push_back({type, name});
  return function_->registers.size() - 1;
}

bool Parser::findRegister(std::string_view name, uint32_t& found) {
  size_t digits = name.size();
  while (digits > 0 && isdigit((unsigned char)name[digits - 1])) digits--;
  const std::string_view prefix = name.substr(0, digits);
  uint64_t number = 0;
  for (size_t i = digits; i < name.size(); i++) number = number * 10 + (name[i] - '0');
  for (size_t i = scopes_.size(); i-- > 0;) {
    const auto& scope = scopes_[i];
    if (!scope.registers.empty()) {
      const auto single = scope.registers.find(name);
      if (single != scope.registers.end()) { found = single->second; return true; }
    }
    if (digits == name.size()) continue;
    const auto range = scope.ranges.find(prefix);
    if (range != scope.ranges.end() && number < range->second.count) { found = range->second.first + number; return true; }
  }
  return false;
}

Variable* Parser::findVariable(std::string_view name) {
  for (size_t i = scopes_.size(); i-- > 0;) {
    const auto found = scopes_[i].variables.find(name);
    if (found != scopes_[i].variables.end()) return found->second;
  }
  const auto found = globals_.find(name);
  return found == globals_.end() ? nullptr : found->second;
}

void Parser::parseInstruction(std::string_view opcode, Instruction instruction) {
  instruction.opcode = opcode;
  instruction.parts = splitDots(opcode);
  instruction.line = scan_.line();
  instruction.scope = scopes_.back().id;
  if (instruction.parts[0] == "call") parseCall(instruction);
  else if (scan_.peek() != ';') {
    instruction.operands.reserve(4);
    do instruction.operands.push_back(parseOperand()); while (scan_.accept(','));
  }
  scan_.expect(';');
  function_->code.push_back(std::move(instruction));
}

// call [(results),] name [, (arguments)] [, prototype]: operands are a list, a name, a list
void Parser::parseCall(Instruction& instruction) {
  const auto list = [&] {
    Operand operand;
    operand.kind = Operand::List;
    if (!scan_.accept('(')) return operand;
    if (scan_.accept(')')) return operand;
    do operand.items.push_back(parseOperand()); while (scan_.accept(','));
    scan_.expect(')');
    return operand;
  };
  instruction.operands.push_back(list());
  scan_.accept(',');
  Operand callee;
  callee.kind = Operand::Name;
  callee.name = scan_.word();
  instruction.operands.push_back(callee);
  scan_.accept(',');
  instruction.operands.push_back(list());
  if (scan_.accept(',')) scan_.word();
}

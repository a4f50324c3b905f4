// parse: modules, functions and variables of PTX
#include "parser.h"

std::vector<std::string_view> splitDots(std::string_view word) {
  std::vector<std::string_view> parts;
  parts.reserve(6);
  for (size_t from = 0; from < word.size();) {
    size_t end = word.find('.', from);
    if (end == std::string_view::npos) end = word.size();
    if (end > from) parts.push_back(word.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

namespace {
// Comments become spaces, so that lines keep their numbers.
void blankComments(std::string& text) {
  for (size_t i = 0; i + 1 < text.size(); i++) {
    if (text[i] != '/') continue;
    if (text[i + 1] == '/') while (i < text.size() && text[i] != '\n') text[i++] = ' ';
    else if (text[i + 1] == '*') {
      size_t end = text.find("*/", i + 2);
      end = end == std::string::npos ? text.size() : end + 2;
      for (; i < end; i++) if (text[i] != '\n') text[i] = ' ';
    }
  }
}

Space spaceNamed(std::string_view word) {
  return word == ".shared" ? Space::shared : word == ".const" ? Space::constant : word == ".local" ? Space::local
       : word == ".param" ? Space::param : Space::global;
}
bool namesSpace(std::string_view word) {
  return word == ".shared" || word == ".const" || word == ".local" || word == ".param" || word == ".global";
}
}  // namespace

std::unique_ptr<PtxModule> parsePtx(std::string text) {
  auto module = std::make_unique<PtxModule>();
  blankComments(text);
  module->text = std::move(text);
  Parser(*module).parseModule();
  return module;
}

void Parser::parseModule() {
  while (!scan_.atEnd()) parseDirective(scan_.word());
  if (module_.versionMajor == 0) scan_.fail("no .version: this is not PTX");
  if (module_.target == 0) scan_.fail("no .target");
}

void Parser::parseDirective(std::string_view word) {
  bool isExtern = false;
  while (word == ".visible" || word == ".weak" || word == ".extern" || word == ".common") {
    isExtern |= word == ".extern";
    word = scan_.word();
  }
  if (word == ".version") {
    const auto parts = splitDots(scan_.word());
    module_.versionMajor = std::stoi(std::string(parts.at(0)));
    module_.versionMinor = parts.size() > 1 ? std::stoi(std::string(parts[1])) : 0;
  } else if (word == ".target") parseTarget();
  else if (word == ".address_size") {
    if (scan_.word() != "64") scan_.fail("only .address_size 64 is supported");
  } else if (word == ".file" || word == ".loc") scan_.restOfLine();
  else if (word == ".pragma") scan_.until(';');
  else if (word == ".section") { scan_.word(); scan_.block(); }
  else if (word == ".entry") parseFunction(true, isExtern);
  else if (word == ".func") parseFunction(false, isExtern);
  else if (word == ".alias") scan_.until(';');
  else if (namesSpace(word)) {
    auto variable = parseVariable(spaceNamed(word), isExtern);
    scan_.expect(';');
    globals_[std::string_view(variable->name)] = variable.get();
    module_.variables.push_back(std::move(variable));
  } else scan_.fail("unknown directive '" + std::string(word) + "'");
}

void Parser::parseTarget() {
  do {
    const std::string name(scan_.word());
    if (name.compare(0, 3, "sm_") != 0) continue;
    module_.target = std::stoi(name.substr(3));
    module_.isArchSpecific = isalpha((unsigned char)name.back());
  } while (scan_.accept(','));
}

// [.align n] .type name [dimensions] [= initial]
std::unique_ptr<Variable> Parser::parseVariable(Space space, bool isExtern) {
  auto variable = std::make_unique<Variable>();
  variable->space = space;
  variable->isExtern = isExtern;
  uint32_t lanes = 1, align = 0;
  std::string_view word = scan_.word();
  for (;; word = scan_.word()) {
    if (word == ".align") align = parseUnsigned();
    else if (word == ".v2") lanes = 2;
    else if (word == ".v4") lanes = 4;
    else if (word == ".attribute") { scan_.expect('('); scan_.until(')'); }
    else if (word == ".ptr" || namesSpace(word)) continue;
    else if (word[0] == '.') {
      variable->type = typeNamed(word.substr(1));
      if (variable->type == Ty::none) scan_.fail("unknown type '" + std::string(word) + "'");
    } else break;
  }
  variable->name = word;
  variable->bytes = uint64_t(bytesOf(variable->type)) * lanes;
  variable->align = align ? align : variable->bytes;
  while (scan_.accept('[')) {
    if (scan_.accept(']')) { variable->isOpenArray = true; variable->bytes = 0; continue; }
    variable->bytes *= parseUnsigned();
    scan_.expect(']');
  }
  if (scan_.accept('=')) parseInitial(*variable);
  return variable;
}

void Parser::parseInitial(Variable& variable) {
  variable.initial.assign(variable.bytes, 0);
  if (scan_.peek() != '{') return parseInitialValue(variable, 0);
  // Nested braces are rows of an array: their values follow one another.
  const uint32_t size = bytesOf(variable.type);
  uint64_t at = 0;
  int depth = 0;
  do {
    while (scan_.accept('{')) depth++;
    if (scan_.peek() != '}') { parseInitialValue(variable, at); at += size; }
    while (depth > 0 && scan_.accept('}')) depth--;
    scan_.accept(',');
  } while (depth > 0);
}

void Parser::parseInitialValue(Variable& variable, uint64_t at) {
  const uint32_t size = bytesOf(variable.type);
  if (at + size > variable.bytes) scan_.fail("more initial values than '" + variable.name + "' has elements");
  const char c = scan_.peek();
  if (isdigit((unsigned char)c) || c == '-') {
    Operand value = parseNumber();
    if (value.kind == Operand::Float64 && variable.type == Ty::f32) {
      double wide; memcpy(&wide, &value.bits, 8);
      const float narrow = (float)wide;
      memcpy(&value.bits, &narrow, 4);
    }
    memcpy(&variable.initial[at], &value.bits, size);
    return;
  }
  std::string_view name = scan_.word();
  const bool isGeneric = name == "generic";
  if (isGeneric) { scan_.expect('('); name = scan_.word(); scan_.expect(')'); }
  const int64_t offset = scan_.accept('+') ? (int64_t)parseUnsigned() : 0;
  variable.relocations.push_back({at, std::string(name), offset, isGeneric});
}

void Parser::parseFunction(bool isEntry, bool isExtern) {
  auto owned = std::make_unique<PtxFunction>();
  PtxFunction& function = *owned;
  function.isEntry = isEntry;
  function.isExtern = isExtern;
  if (!isEntry && scan_.peek() == '(') function.results = parseParams();
  function.name = scan_.word();
  function.line = scan_.line();
  if (scan_.peek() == '(') function.params = parseParams();
  for (auto& param : function.params) {
    function.paramBytes = (function.paramBytes + param->align - 1) / param->align * param->align;
    param->address = function.paramBytes;
    function.paramBytes += param->bytes;
  }
  parseAttributes(function);
  if (scan_.accept(';')) function.isExtern = true;  // a prototype
  else {
    function_ = &function;
    parseBody();
    function_ = nullptr;
  }
  module_.functions.push_back(std::move(owned));
}

std::vector<std::unique_ptr<Variable>> Parser::parseParams() {
  std::vector<std::unique_ptr<Variable>> params;
  scan_.expect('(');
  if (scan_.accept(')')) return params;
  do {
    const std::string_view word = scan_.word();
    if (word == ".reg") scan_.fail("parameters in registers are not supported");
    if (word != ".param") scan_.fail("expected .param");
    params.push_back(parseVariable(Space::param, false));
  } while (scan_.accept(','));
  scan_.expect(')');
  return params;
}

void Parser::parseAttributes(PtxFunction& function) {
  const auto triple = [&](uint32_t* out) {
    for (int axis = 0; axis < 3; axis++) out[axis] = axis == 0 || scan_.accept(',') ? parseUnsigned() : 1;
  };
  while (scan_.peek() == '.') {
    const std::string_view word = scan_.word();
    uint32_t ignored[3];
    if (word == ".maxntid") triple(function.maxThreads);
    else if (word == ".reqntid") triple(function.requiredThreads);
    else if (word == ".reqnctapercluster") triple(ignored);
    else if (word == ".minnctapersm" || word == ".maxnctapersm" || word == ".maxnreg" || word == ".maxclusterrank") parseUnsigned();
    else if (word == ".pragma") scan_.until(';');
    else if (word == ".noreturn" || word == ".explicitcluster" || word == ".blocksareclusters") continue;
    else scan_.fail("unknown directive '" + std::string(word) + "'");
  }
}

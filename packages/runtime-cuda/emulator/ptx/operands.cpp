// operands: registers, numbers, addresses, vectors
#include <cstdlib>
#include "parser.h"

Operand Parser::parseOperand() {
  const char c = scan_.peek();
  if (c == '[') return parseAddress();
  if (c == '{') {
    Operand vector;
    vector.kind = Operand::Vector;
    scan_.expect('{');
    if (scan_.accept('}')) return vector;
    do vector.items.push_back(parseOperand()); while (scan_.accept(','));
    scan_.expect('}');
    return vector;
  }
  if (c == '!') {
    scan_.expect('!');
    Operand operand = parseOperand();
    operand.negated = !operand.negated;
    return operand;
  }
  if (isdigit((unsigned char)c) || c == '-') return parseNumber();
  Operand operand = named(scan_.word());
  if (scan_.accept('|')) {
    Operand pair;
    pair.kind = Operand::Pair;
    pair.items.push_back(std::move(operand));
    pair.items.push_back(parseOperand());
    return pair;
  }
  if (operand.kind == Operand::Symbol && scan_.accept('+')) operand.offset += (int64_t)parseUnsigned();
  return operand;
}

Operand Parser::named(std::string_view word) {
  Operand operand;
  operand.name = word;
  if (word == "_") return operand;
  if (word == "WARP_SZ") { operand.kind = Operand::Integer; operand.bits = 32; return operand; }
  if (findRegister(word, operand.reg)) { operand.kind = Operand::Register; return operand; }
  if ((operand.variable = findVariable(word))) { operand.kind = Operand::Symbol; return operand; }
  operand.kind = word[0] == '%' ? Operand::Special : Operand::Name;
  return operand;
}

// [base], [base+number], [number]; the coordinates of a tensor are not supported
Operand Parser::parseAddress() {
  Operand address;
  address.kind = Operand::Address;
  scan_.expect('[');
  const char c = scan_.peek();
  Operand base = isdigit((unsigned char)c) || c == '-' ? parseNumber() : named(scan_.word());
  if (base.kind == Operand::Name || base.kind == Operand::Sink)
    scan_.fail("unknown register or variable '" + std::string(base.name) + "'");
  address.items.push_back(std::move(base));
  while (scan_.peek() != ']') {
    if (scan_.accept('+')) {
      const Operand offset = parseNumber();
      address.offset += (int64_t)offset.bits;
    } else if (scan_.peek() == '-') address.offset += (int64_t)parseNumber().bits;
    else scan_.fail("expected ']', found '" + scan_.rest() + "'");
  }
  scan_.expect(']');
  return address;
}

Operand Parser::parseNumber() {
  Operand number;
  number.kind = Operand::Integer;
  const bool isNegative = scan_.accept('-');
  const std::string word(scan_.word());
  char* end = nullptr;
  if (word.size() == 10 && (word[1] == 'f' || word[1] == 'F')) {
    number.kind = Operand::Float32;
    number.bits = strtoull(word.c_str() + 2, &end, 16);
    if (isNegative) number.bits ^= 0x80000000u;
  } else if (word.size() == 18 && (word[1] == 'd' || word[1] == 'D')) {
    number.kind = Operand::Float64;
    number.bits = strtoull(word.c_str() + 2, &end, 16);
    if (isNegative) number.bits ^= 1ull << 63;
  } else if (word.find('.') != std::string::npos && word[1] != 'x' && word[1] != 'X') {
    number.kind = Operand::Float64;
    const double value = (isNegative ? -1 : 1) * strtod(word.c_str(), &end);
    memcpy(&number.bits, &value, 8);
  } else {
    const int radix = word.size() > 2 && (word[1] == 'b' || word[1] == 'B') ? 2 : 0;
    number.bits = strtoull(word.c_str() + (radix == 2 ? 2 : 0), &end, radix);
    if (isNegative) number.bits = -number.bits;
    number.negated = isNegative;
    if (*end == 'U' || *end == 'u') end++;
  }
  if (*end != '\0') scan_.fail("'" + word + "' is no number");
  return number;
}

uint64_t Parser::parseUnsigned() {
  const Operand number = parseNumber();
  if (number.kind != Operand::Integer) scan_.fail("expected a whole number");
  return number.bits;
}

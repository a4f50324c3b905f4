// scan: a cursor over PTX text that knows its line
#pragma once
#include <cctype>
#include <cstring>
#include "ast.h"

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  uint32_t line() const { return line_; }
  bool atEnd() { skip(); return at_ >= text_.size(); }
  char peek() { skip(); return at_ < text_.size() ? text_[at_] : '\0'; }

  bool accept(char wanted) {
    if (peek() != wanted) return false;
    at_++;
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted)) fail(std::string("expected '") + wanted + "', found '" + rest() + "'");
  }
  bool acceptWord(std::string_view word) {
    skip();
    if (text_.compare(at_, word.size(), word) != 0) return false;
    const size_t end = at_ + word.size();
    if (end < text_.size() && isWordChar(text_[end])) return false;
    at_ = end;
    return true;
  }

  /** A name, a directive with its dot, or an opcode with all its parts. */
  std::string_view word() {
    skip();
    const size_t from = at_;
    for (;;) {
      while (at_ < text_.size() && isWordChar(text_[at_])) at_++;
      if (text_.compare(at_, 2, "::") != 0) break;  // `.shared::cta`
      at_ += 2;
    }
    if (from == at_) fail("expected a name, found '" + rest() + "'");
    return text_.substr(from, at_ - from);
  }
  std::string_view string() {
    expect('"');
    const size_t from = at_;
    while (at_ < text_.size() && text_[at_] != '"') at_++;
    return text_.substr(from, at_++ - from);
  }
  void restOfLine() { while (at_ < text_.size() && text_[at_] != '\n') at_++; }
  void until(char end) {
    while (!atEnd() && text_[at_] != end) { if (text_[at_] == '\n') line_++; at_++; }
    at_++;
  }
  /** Over a block in braces, whose opening brace is next. */
  void block() {
    expect('{');
    for (int depth = 1; depth > 0;) {
      if (atEnd()) fail("a block is not closed");
      const char c = text_[at_++];
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
  }
  size_t mark() const { return at_; }
  void reset(size_t at, uint32_t line) { at_ = at; line_ = line; }

  [[noreturn]] void fail(const std::string& what) const { throw PtxError(line_, what); }
  std::string rest() const {
    const size_t end = text_.find_first_of("\n;", at_);
    return std::string(text_.substr(at_, std::min<size_t>(end - at_, 40)));
  }

 private:
  static bool isWordChar(char c) { return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '%' || c == '.'; }
  void skip() {
    while (at_ < text_.size() && isspace((unsigned char)text_[at_])) line_ += text_[at_++] == '\n';
  }
  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
};

// parser: what the two halves of the PTX parser share
#pragma once
#include "scan.h"

class Parser {
 public:
  explicit Parser(PtxModule& module) : module_(module), scan_(module.text) {}
  void parseModule();

 private:
  struct Range { Ty type; uint32_t first, count; };
  struct Scope {
    uint32_t id;
    std::unordered_map<std::string_view, uint32_t> registers;
    std::unordered_map<std::string_view, Range> ranges;
    std::unordered_map<std::string_view, Variable*> variables;
  };

  // parse.cpp: what stands outside of functions
  void parseTarget();
  void parseDirective(std::string_view word);
  void parseFunction(bool isEntry, bool isExtern);
  std::vector<std::unique_ptr<Variable>> parseParams();
  void parseAttributes(PtxFunction& function);
  std::unique_ptr<Variable> parseVariable(Space space, bool isExtern);
  void parseInitial(Variable& variable);
  void parseInitialValue(Variable& variable, uint64_t at);

  // body.cpp: what stands inside
  void parseBody();
  void parseStatement();
  void parseRegisters();
  bool parseLocalDirective(std::string_view word);
  void parseInstruction(std::string_view opcode, Instruction instruction);
  void parseCall(Instruction& instruction);
  Operand parseOperand();
  Operand parseNumber();
  Operand parseAddress();
  Operand named(std::string_view word);
  void openScope();
  void closeScope();
  uint32_t addRegister(Ty type, std::string_view name);
  bool findRegister(std::string_view name, uint32_t& found);
  Variable* findVariable(std::string_view name);
  uint64_t parseUnsigned();

  PtxModule& module_;
  Scanner scan_;
  PtxFunction* function_ = nullptr;
  std::vector<Scope> scopes_;
  std::unordered_map<std::string_view, Variable*> globals_;
};

/** Splits at dots, without empty parts. */
std::vector<std::string_view> splitDots(std::string_view word);

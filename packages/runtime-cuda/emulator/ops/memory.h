// memory: addresses of instructions
#pragma once
#include "decoder.h"

/** The space that an opcode names; generic where it names none. */
Space spaceOfOpcode(Decoder& decoder);

/** Gives an instruction the address that `resolve` reads. `bytes` is the smallest piece that it touches. */
void setPlace(Decoder& decoder, Instr& instr, const Decoder::Place& place, uint32_t bytes);

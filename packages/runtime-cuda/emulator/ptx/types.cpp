// types: the scalar types of PTX by name
#include "types.h"

namespace {
struct Row { std::string_view name; Ty type; uint32_t bytes; };
const Row rows[] = {
    {"pred", Ty::pred, 4},  {"b8", Ty::b8, 1},   {"u8", Ty::u8, 1},     {"s8", Ty::s8, 1},         {"b16", Ty::b16, 2},
    {"u16", Ty::u16, 2},    {"s16", Ty::s16, 2}, {"f16", Ty::f16, 2},   {"bf16", Ty::bf16, 2},     {"b32", Ty::b32, 4},
    {"u32", Ty::u32, 4},    {"s32", Ty::s32, 4}, {"f32", Ty::f32, 4},   {"f16x2", Ty::f16x2, 4},   {"bf16x2", Ty::bf16x2, 4},
    {"tf32", Ty::tf32, 4},  {"b64", Ty::b64, 8}, {"u64", Ty::u64, 8},   {"s64", Ty::s64, 8},       {"f64", Ty::f64, 8},
};
}  // namespace

uint32_t bytesOf(Ty type) {
  for (const Row& row : rows)
    if (row.type == type) return row.bytes;
  return 0;
}

Ty typeNamed(std::string_view name) {
  for (const Row& row : rows)
    if (row.name == name) return row.type;
  return Ty::none;
}

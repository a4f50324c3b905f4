// table: all instructions, by family
#include <unordered_map>
#include "decoder.h"

extern const OpTable asyncOps, atomicOps, barrierOps, bitOps, compareOps, convertOps, floatOps, flowOps, integerOps,
    matrixOps, memoryOps, moveOps, warpOps, wgmmaOps;

const OpRow* opNamed(std::string_view name) {
  static const auto* const all = [] {
    auto* map = new std::unordered_map<std::string_view, const OpRow*>();
    for (const OpTable* table : {&asyncOps, &atomicOps, &barrierOps, &bitOps, &compareOps, &convertOps, &floatOps, &flowOps,
                                 &integerOps, &matrixOps, &memoryOps, &moveOps, &warpOps, &wgmmaOps})
      for (const OpRow& row : *table) (*map)[row.name] = &row;
    return map;
  }();
  const auto found = all->find(name);
  return found == all->end() ? nullptr : found->second;
}

// products: wgmma reads shared memory by another path than loads and stores do (the async proxy), and later
//
// A write is seen by a product when its thread has said fence.proxy.async since, and a barrier came after that, unless
// the warp is its own.
#include "products.h"
#include <algorithm>

void startProducts(Block& block) {
  ProductNotes& notes = block.notes;
  notes.moment = notes.barriers = 0;
  if (settings().races) {
    notes.writes.assign(block.sharedBytes / block.kernel->granule + 1, {0, 0, 0});
    notes.fences.assign(block.threads, {0, 0, 0});
  }
  notes.asked.resize((block.threads + lanes * groupWarps - 1) / (lanes * groupWarps));
  for (auto& list : notes.asked) list.clear();
}

void noteWrite(Warp& warp, uint32_t lane, uint32_t offset, uint32_t bytes, uint32_t line) {
  ProductNotes& notes = warp.block->notes;
  if (notes.writes.empty()) return;
  const uint32_t granule = warp.block->kernel->granule, moment = ++notes.moment;
  for (uint32_t g = offset / granule; g * granule < offset + bytes; g++) notes.writes[g] = {moment, line, warp.index * lanes + lane};
}

void noteFence(Warp& warp, uint32_t mask) {
  Block& block = *warp.block;
  if (block.notes.fences.empty()) return;
  const uint32_t moment = ++block.notes.moment;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    ProductNotes::Fence& fence = block.notes.fences[warp.index * lanes + lane];
    fence = {moment, block.notes.barriers, fence.barriers == block.notes.barriers ? fence.before : fence.moment};
  }
}

void noteProduct(Warp& warp, const Product& product) {
  auto& asked = warp.block->notes.asked[warp.index / groupWarps];
  if (warp.productCount == asked.size()) asked.push_back(product);
  const Product& first = asked[warp.productCount++];
  if (first.instr != product.instr)
    fault(warp, *product.instr, 0, error::launchFailed,
          "the warps of a warpgroup execute different wgmma: another one is at ptx line " + std::to_string(first.instr->line));
  if (first.a != product.a || first.b != product.b)
    fault(warp, *product.instr, 0, error::launchFailed,
          std::string("the warps of a warpgroup give different descriptors of ") + (first.a != product.a ? "A: " : "B: ") +
              hex(first.a != product.a ? product.a : product.b) + " and " + hex(first.a != product.a ? first.a : first.b));
  if (first.adds != product.adds)
    fault(warp, *product.instr, 0, error::launchFailed, "the warps of a warpgroup give different predicates to wgmma");
}

namespace {
template <class F> void eachWrite(Warp& warp, uint32_t offset, uint32_t bytes, F f) {
  const ProductNotes& notes = warp.block->notes;
  if (notes.writes.empty()) return;
  const uint32_t granule = warp.block->kernel->granule;
  for (uint32_t g = offset / granule; g * granule < offset + bytes; g++)
    if (notes.writes[g].moment) f(notes.writes[g], std::max(g * granule, offset));
}
std::string writerName(const Warp& warp, const ProductNotes::Write& write) {
  return "written by " + threadName(warp.block->warps[write.thread / lanes], write.thread % lanes) + " at ptx line " + std::to_string(write.line);
}
}  // namespace

void checkFenced(Warp& warp, const Instr& instr, uint32_t offset, uint32_t bytes, const char* what) {
  const Block& block = *warp.block;
  eachWrite(warp, offset, bytes, [&](const ProductNotes::Write& write, uint32_t at) {
    const ProductNotes::Fence& fence = block.notes.fences[write.thread];
    const bool isOrdered = write.thread / lanes == warp.index || fence.barriers != block.notes.barriers;
    if ((isOrdered ? fence.moment : fence.before) > write.moment) return;
    const bool isLate = fence.moment > write.moment;
    fault(warp, instr, 0, error::launchFailed,
          std::string("wgmma reads ") + what + " in shared memory at " + hex(at) + ", " + writerName(warp, write) +
              (isLate ? " with no barrier after its fence.proxy.async" : " without fence.proxy.async"));
  });
}

void checkKept(Warp& warp, const Product& product, uint32_t offset, uint32_t bytes, const char* what) {
  eachWrite(warp, offset, bytes, [&](const ProductNotes::Write& write, uint32_t at) {
    if (write.moment > product.moment)
      fault(warp, *product.instr, 0, error::launchFailed,
            std::string("wgmma reads ") + what + " in shared memory at " + hex(at) + ", " + writerName(warp, write) +
                " before wgmma.wait_group has waited for the product");
  });
}

void endProducts(Block& block) {
  for (Warp& warp : block.warps) {
    if (!warp.products.empty()) {
      const Product& product = warp.products.front();
      const bool isCommitted = product.group < warp.productGroups;
      fault(warp, *product.instr, 0, error::launchFailed,
            std::string("the kernel ends, and no wgmma.wait_group has waited for this wgmma") +
                (isCommitted ? "" : ", which no wgmma.commit_group has committed"));
    }
    const auto& asked = block.notes.asked[warp.index / groupWarps];
    if (warp.productCount < asked.size())
      fault(warp, *asked[warp.productCount].instr, 0, error::launchFailed,
            "warp " + std::to_string(warp.index) + " has not executed a wgmma that others of its warpgroup have");
  }
}

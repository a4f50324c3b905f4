// wgmma: products of matrices in shared memory by four warps
//
// A product is asked for, and happens when it is waited for: then each warp reads what is in shared memory and in the
// registers, and adds to its 16 rows of D. Whoever waits too little reads what was there before.
#include "../machine/access.h"
#include "../machine/products.h"
#include "../machine/races.h"
#include "float.h"
#include "handlers.h"

namespace {
enum Element : uint8_t { f16, bf16, tf32 };
enum Flag : uint8_t { negates = 1, columnsOfA = 2, columnsOfB = 4, inRegisters = 8 };
constexpr uint32_t rows = 16, allRows = 64, rowBytes = 32, chunk = 16;  // rowBytes: of A along k, in all types

uint32_t depthOf(const Instr& instr) { return instr.size == tf32 ? 8 : 16; }

template <Element E> struct Of;
template <> struct Of<f16> { using T = uint16_t; static float get(T v) { return halfToFloat(v); } };
template <> struct Of<bf16> { using T = uint16_t; static float get(T v) { return bfloatToFloat(v); } };
template <> struct Of<tf32> { using T = uint32_t; static float get(T v) { return tf32ToFloat(v); } };

/**
 * A matrix in shared memory as a descriptor says. Lines are 16, 32, 64 or 128 bytes wide, eight of them a pattern; pieces
 * of 16 bytes are swizzled within it. A line is a row of A (a column of B) along k, or one k along the rows of A.
 */
struct Matrix {
  uint32_t start, across, along, width, swizzle;
  bool isAlongRows;  // not along k: "MN-major"
  const char* name;

  Matrix(uint64_t descriptor, bool isAlongRows, const char* name) : isAlongRows(isAlongRows), name(name) {
    const auto bytes = [&](uint32_t bit) { return uint32_t(descriptor >> bit & 0x3fff) << 4; };
    const uint32_t leading = bytes(16), stride = bytes(32), mode = descriptor >> 62;
    start = bytes(0);
    width = mode == 0 ? 16 : 256 >> mode;
    swizzle = width - 16;
    // From eight lines to the next eight, and from one line's end to where it goes on. Only without swizzle k is cut.
    const bool isSwapped = isAlongRows && width == 16;
    across = isSwapped ? leading : stride;
    along = isSwapped ? stride : leading;
  }
  /** Where the 16 bytes are at this distance from the start of a line. */
  uint32_t at(uint32_t line, uint32_t distance) const {
    const bool isWhole = !isAlongRows && width > 16;  // k fits the line
    const uint32_t flat = start + line % 8 * width + line / 8 * across +
                          (isWhole ? distance : distance / width * along + distance % width);
    return flat ^ (flat >> 3 & swizzle);
  }
};

[[noreturn]] void amiss(Warp& warp, const Instr& instr, const std::string& what) { fault(warp, instr, 0, error::launchFailed, what); }

// Says what no GPU promises. `extent`: rows of A, or columns of B.
void checkDescriptor(Warp& warp, const Instr& instr, uint64_t descriptor, const Matrix& matrix, uint32_t extent) {
  const std::string descriptorOf = std::string("the descriptor ") + hex(descriptor) + " of " + matrix.name + " ";
  if (descriptor >> 49 & 7) amiss(warp, instr, descriptorOf + "has a base offset, which is not supported");
  const uint32_t width = matrix.width, pattern = 8 * width;
  if (width == 16) return;
  const std::string ofPattern = " the " + std::to_string(pattern) + " bytes after which its swizzle repeats";
  const uint32_t within = matrix.start % pattern, bytes = matrix.isAlongRows ? std::min(2 * extent, width) : rowBytes;
  if (within >= width) amiss(warp, instr, descriptorOf + "starts at " + hex(matrix.start) + ", which is not in the first line of" + ofPattern);
  if (within + bytes > width) amiss(warp, instr, descriptorOf + "starts at " + hex(matrix.start) + " and goes beyond its line of " + std::to_string(width) + " bytes");
  const bool usesAlong = matrix.isAlongRows && 2 * extent > width, usesAcross = matrix.isAlongRows || extent > 8;
  if (usesAcross && matrix.across % pattern) amiss(warp, instr, descriptorOf + "has a stride of " + std::to_string(matrix.across) + " bytes, no multiple of" + ofPattern);
  if (usesAlong && matrix.along % pattern) amiss(warp, instr, descriptorOf + "has a leading dimension of " + std::to_string(matrix.along) + " bytes, no multiple of" + ofPattern);
}

/** f(offset, row, k) for all pieces of 16 bytes of some rows of A, or columns of B. */
template <class F> void eachChunk(const Matrix& matrix, uint32_t first, uint32_t count, uint32_t depth, F f) {
  const uint32_t per = chunk * depth / rowBytes;
  if (matrix.isAlongRows) {
    for (uint32_t k = 0; k < depth; k++)
      for (uint32_t row = 0; row < count; row += per) f(matrix.at(k, (first + row) * 2), row, k);
  } else {
    for (uint32_t row = 0; row < count; row++)
      for (uint32_t k = 0; k < depth; k += per) f(matrix.at(first + row, k * (rowBytes / depth)), row, k);
  }
}

uint32_t firstRow(const Warp& warp) { return warp.index % groupWarps * rows; }
Matrix matrixA(const Product& product) { return {product.a, (product.instr->kind & columnsOfA) != 0, "A"}; }
Matrix matrixB(const Product& product) { return {product.b, (product.instr->kind & columnsOfB) != 0, "B"}; }

/** The same of all that a warp reads: its own rows of A, and B. f(matrix, offset) */
template <class F> void eachRead(const Warp& warp, const Product& product, F f) {
  const Instr& instr = *product.instr;
  const uint32_t depth = depthOf(instr);
  const Matrix a = matrixA(product), b = matrixB(product);
  if (!(instr.kind & inRegisters)) eachChunk(a, firstRow(warp), rows, depth, [&](uint32_t at, uint32_t, uint32_t) { f(a, at); });
  eachChunk(b, 0, instr.d, depth, [&](uint32_t at, uint32_t, uint32_t) { f(b, at); });
}

template <class T> T commonValue(Warp& warp, const Instr& instr, uint32_t slot, const char* what) {
  const T* value = warp.slot<T>(slot);
  for (uint32_t lane = 1; lane < lanes; lane++)
    if (value[lane] != value[0])
      fault(warp, instr, lane, error::launchFailed, std::string("lanes of a warp give different ") + what + " to wgmma: " + hex(value[lane]) + " and " + hex(value[0]));
  return value[0];
}

// d: columns of D; a, b: slots of descriptors; c, imm: predicate; size: element; kind: flags
// `more`: slots of D, slots of A in registers; then, in the same order, their numbers among the registers of products
void ask(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!wholeWarp(warp, instr, mask)) return;
  Block& block = *warp.block;
  if ((warp.index / groupWarps + 1) * groupWarps * lanes > block.threads)
    amiss(warp, instr, "wgmma needs whole warpgroups of 128 threads, and warp " + std::to_string(warp.index) + " of a block of " + std::to_string(block.threads) + " threads is in none");
  const uint32_t added = warp.predicate(instr.c) ^ uint32_t(instr.imm);
  if (added != 0 && added != allLanes) amiss(warp, instr, "lanes of a warp give different predicates to wgmma");
  Product product{&instr, 0, commonValue<uint64_t>(warp, instr, instr.b, "descriptors of B"), added != 0, warp.productGroups, block.notes.barriers, ++block.notes.moment};
  if (!(instr.kind & inRegisters)) product.a = commonValue<uint64_t>(warp, instr, instr.a, "descriptors of A");
  noteProduct(warp, product);
  if (!warp.hasFenced) amiss(warp, instr, "there is no wgmma.fence before the first wgmma of the warp");
  const uint32_t registers = instr.d / 2 + (instr.kind & inRegisters ? 4 : 0);
  const uint32_t* numbers = &block.kernel->more[instr.more + registers];
  for (uint32_t r = 0; r < registers; r++)
    if (const uint32_t line = warp.touched[numbers[r]])
      amiss(warp, instr, "register " + std::to_string(r < instr.d / 2 ? r : r - instr.d / 2) + (r < instr.d / 2 ? " of D" : " of A") + " is touched at ptx line " + std::to_string(line) + " with no wgmma.fence between that and this wgmma");
  if (!(instr.kind & inRegisters)) checkDescriptor(warp, instr, product.a, matrixA(product), allRows);
  checkDescriptor(warp, instr, product.b, matrixB(product), instr.d);
  eachRead(warp, product, [&](const Matrix& matrix, uint32_t at) {
    checkWindowOfShared(warp, instr, 0, at, chunk, Does::reads);
    if (!settings().races) return;
    noteSharedByWarp(warp, instr, at, chunk);
    checkFenced(warp, instr, at, chunk, matrix.name);
  });
  warp.products.push_back(product);
}

template <Element E> void loadMatrix(const Warp& warp, const Matrix& matrix, uint32_t first, uint32_t count, float* to, uint32_t rowStep, uint32_t kStep) {
  using T = typename Of<E>::T;
  constexpr uint32_t per = chunk / sizeof(T);
  const uint32_t step = matrix.isAlongRows ? rowStep : kStep;
  eachChunk(matrix, first, count, rowBytes / sizeof(T), [&](uint32_t at, uint32_t row, uint32_t k) {
    T piece[per];
    memcpy(piece, warp.block->shared + at, chunk);
    float* out = to + row * rowStep + k * kStep;
    for (uint32_t e = 0; e < per; e++) out[e * step] = Of<E>::get(piece[e]);
  });
}

// Registers of A are those of mma.sync: lanes are groups of four, each with a row.
template <Element E> void loadRegisters(Warp& warp, const uint32_t* slots, float (*a)[rows]) {
  constexpr uint32_t per = 4 / sizeof(typename Of<E>::T);
  for (uint32_t r = 0; r < 4; r++)
    for (uint32_t lane = 0; lane < lanes; lane++)
      for (uint32_t h = 0; h < per; h++)
        a[(lane >> 2) + 8 * (r & 1)][(r >> 1) * 4 * per + (lane & 3) * per + h] =
            Of<E>::get(typename Of<E>::T(warp.slot<uint32_t>(slots[r])[lane] >> (16 * h)));
}

template <Element E> void multiply(Warp& warp, const Product& product) {
  constexpr uint32_t depth = rowBytes / sizeof(typename Of<E>::T), most = 256;
  const Instr& instr = *product.instr;
  const uint32_t n = instr.d, *slots = &warp.block->kernel->more[instr.more];
  alignas(64) float a[rows][rows], b[depth][most], d[rows][8];
  if (instr.kind & inRegisters) loadRegisters<E>(warp, slots + n / 2, a);
  else loadMatrix<E>(warp, matrixA(product), firstRow(warp), rows, a[0], rows, 1);
  loadMatrix<E>(warp, matrixB(product), 0, n, b[0], 1, most);
  if (instr.kind & negates)
    for (auto& row : a) for (uint32_t k = 0; k < depth; k++) row[k] = -row[k];
  // Four registers hold eight columns.
  for (uint32_t first = 0; first < n; first += 8) {
    float* reg[4];
    for (uint32_t r = 0; r < 4; r++) reg[r] = warp.slot<float>(slots[first / 2 + r]);
    if (product.adds) {
      for (uint32_t lane = 0; lane < lanes; lane++)
        for (uint32_t r = 0; r < 4; r++) d[(lane >> 2) + 8 * (r >> 1)][(lane & 3) * 2 + (r & 1)] = reg[r][lane];
    } else memset(d, 0, sizeof d);
    for (uint32_t i = 0; i < rows; i++)
      for (uint32_t k = 0; k < depth; k++)
        for (uint32_t j = 0; j < 8; j++) d[i][j] = __builtin_fmaf(a[i][k], b[k][first + j], d[i][j]);
    for (uint32_t lane = 0; lane < lanes; lane++)
      for (uint32_t r = 0; r < 4; r++) reg[r][lane] = d[(lane >> 2) + 8 * (r >> 1)][(lane & 3) * 2 + (r & 1)];
  }
}

void complete(Warp& warp, const Product& product) {
  const bool isLater = product.barriers != warp.block->notes.barriers;
  if (settings().races)
    eachRead(warp, product, [&](const Matrix& matrix, uint32_t at) {
      checkKept(warp, product, at, chunk, matrix.name);
      if (isLater) noteSharedByWarp(warp, *product.instr, at, chunk);
    });
  switch (product.instr->size) {
    case f16: return multiply<f16>(warp, product);
    case bf16: return multiply<bf16>(warp, product);
    default: return multiply<tf32>(warp, product);
  }
}

void fence(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!wholeWarp(warp, instr, mask)) return;
  warp.hasFenced = true;
  std::fill(warp.touched.begin(), warp.touched.end(), 0);
}
void commit(Warp& warp, const Instr& instr, uint32_t mask) {
  if (wholeWarp(warp, instr, mask)) warp.productGroups++;
}
// imm: how many groups may stay open
void wait(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!wholeWarp(warp, instr, mask)) return;
  size_t due = 0;
  for (; due < warp.products.size() && warp.products[due].group + instr.imm < warp.productGroups; due++) complete(warp, warp.products[due]);
  warp.products.erase(warp.products.begin(), warp.products.begin() + due);
}

// An immediate that is one of two numbers; says whether it is the second.
bool isSecond(Decoder& decoder, size_t index, int64_t first, int64_t second, const char* what) {
  const Operand& operand = decoder.operand(index);
  if (operand.kind != Operand::Integer || (int64_t(operand.bits) != first && int64_t(operand.bits) != second))
    decoder.fail(std::string(what) + " of wgmma is " + std::to_string(first) + " or " + std::to_string(second));
  return int64_t(operand.bits) == second;
}

void addRegisters(Decoder& decoder, size_t index, uint32_t count, Ty type, std::vector<uint32_t>& slots, std::vector<uint32_t>& numbers) {
  const Operand& operand = decoder.operand(index);
  const size_t held = operand.kind == Operand::Vector ? operand.items.size() : 1;
  if (operand.kind != Operand::Vector || held != count)
    decoder.fail("operand " + std::to_string(index) + " of '" + std::string(decoder.instruction().opcode) + "' has " + std::to_string(held) + " registers, not " + std::to_string(count));
  for (const Operand& item : operand.items) {
    numbers.push_back(decoder.productRegister(item));
    slots.push_back(decoder.destination(item, type));
  }
}

// The columns in m64nNkK, where the rest of it is right; else 0.
uint32_t columnsOf(std::string_view shape, std::string_view depth) {
  constexpr std::string_view head = "m64n";
  if (shape.size() <= head.size() + depth.size() || shape.substr(0, head.size()) != head || shape.substr(shape.size() - depth.size()) != depth) return 0;
  uint32_t n = 0;
  for (char c : shape.substr(head.size(), shape.size() - head.size() - depth.size())) {
    if (c < '0' || c > '9' || n > 256) return 0;
    n = n * 10 + (c - '0');
  }
  return n % 8 == 0 && n <= 256 ? n : 0;
}

// wgmma.mma_async.sync.aligned.shape.f32.a.b {d…}, a, b, p, ±1, ±1[, columns of A][, columns of B]
void decodeProduct(Decoder& decoder) {
  const auto& parts = decoder.instruction().parts;
  constexpr std::string_view elements[] = {"f16", "bf16", "tf32"};
  uint32_t element = 0;
  while (parts.size() == 8 && element < 3 && parts[6] != elements[element]) element++;
  if (parts.size() != 8 || element == 3 || parts[7] != parts[6] || parts[5] != "f32") decoder.unsupported();
  const uint32_t n = columnsOf(parts[4], element == tf32 ? "k8" : "k16");
  if (n == 0) decoder.fail("wgmma of " + std::string(parts[6]) + " has no shape '" + std::string(parts[4]) + "'");
  const bool isInRegisters = decoder.operand(1).kind == Operand::Vector;
  const size_t wanted = 6 + (element == tf32 ? 0 : isInRegisters ? 1 : 2);
  if (decoder.operandCount() != wanted)
    decoder.fail("'" + std::string(decoder.instruction().opcode) + "' has " + std::to_string(wanted) + " operands, not " + std::to_string(decoder.operandCount()));
  std::vector<uint32_t> slots, numbers;
  addRegisters(decoder, 0, n / 2, Ty::f32, slots, numbers);
  if (isInRegisters) addRegisters(decoder, 1, 4, Ty::b32, slots, numbers);
  slots.insert(slots.end(), numbers.begin(), numbers.end());
  const uint32_t a = isInRegisters ? 0 : decoder.source(1, Ty::b64), b = decoder.source(2, Ty::b64);
  uint32_t flip;
  const uint32_t p = decoder.predicate(decoder.operand(3), flip);
  uint8_t flags = isInRegisters ? inRegisters : 0;
  if (isSecond(decoder, 4, 1, -1, "the scale of A") != isSecond(decoder, 5, 1, -1, "the scale of B")) flags |= negates;
  if (element != tf32) {
    if (!isInRegisters && isSecond(decoder, 6, 0, 1, "the order of A")) flags |= columnsOfA;
    if (isSecond(decoder, wanted - 1, 0, 1, "the order of B")) flags |= columnsOfB;
  }
  const uint32_t more = decoder.addMore(slots);
  Instr& instr = decoder.emit(ask, true);
  instr.d = n; instr.a = a; instr.b = b; instr.c = p; instr.imm = flip;
  instr.more = more; instr.kind = flags; instr.size = element;
}

void decodeWgmma(Decoder& decoder) {
  if (!decoder.has("sync") || !decoder.has("aligned")) decoder.unsupported();
  decoder.noteProducts();
  switch (decoder.which({"mma_async", "fence", "commit_group", "wait_group"})) {
    case 0: if (decoder.has("sp")) decoder.unsupported(); return decodeProduct(decoder);
    case 1: decoder.emit(fence, true); return;
    case 2: decoder.emit(commit, true); return;
    case 3: break;
    default: decoder.unsupported();
  }
  const Operand& open = decoder.operand(0);
  if (open.kind != Operand::Integer || open.bits > 7) decoder.fail("wgmma.wait_group takes a number from 0 to 7");
  decoder.emit(wait, true).imm = open.bits;
}
}  // namespace

void handleTouch(Warp& warp, const Instr& instr, uint32_t) {
  const uint32_t* touched = &warp.block->kernel->more[instr.more];
  for (int64_t i = 0; i < instr.imm; i++) warp.touched[touched[i]] = instr.line;
}

extern const OpTable wgmmaOps = {{"wgmma", decodeWgmma}};

// adder: reads prompts of eight tokens, prints the five tokens that complete each, one after another
#include "adder.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int, char **args)
{
  adder_ctx *net;
  const std::int64_t prompts = std::atoi(args[2]);
  if (adder_open(&net, args[1]) != TSJIT_OK) {
    std::fprintf(stderr, "%s\n", adder_error(net));
    return 1;
  }
  std::vector<std::vector<std::int32_t>> rows(static_cast<std::size_t>(prompts), std::vector<std::int32_t>(8));
  for (auto &row : rows)
    if (std::fread(row.data(), 4, 8, stdin) != 8) return 2;
  for (int step = 0; step < 5; step++) {
    const std::int64_t length = 8 + step;
    std::vector<std::int32_t> tokens;
    for (const auto &row : rows) tokens.insert(tokens.end(), row.begin(), row.end());
    std::vector<float> logits(static_cast<std::size_t>(prompts * length * 13));
    adder_inputs in{{tokens.data(), {prompts, length}}};
    adder_outputs out{{logits.data(), static_cast<std::int64_t>(logits.size()), {}}};
    if (adder_run(net, &in, &out) != TSJIT_OK) {
      std::fprintf(stderr, "%s\n", adder_error(net));
      return 1;
    }
    for (std::size_t i = 0; i < rows.size(); i++) {
      const float *last = &logits[(i + 1) * static_cast<std::size_t>(length) * 13 - 13];
      int best = 0;
      for (int j = 1; j < 13; j++)
        if (last[j] > last[best]) best = j;
      rows[i].push_back(best);
    }
  }
  for (const auto &row : rows)
    for (std::size_t i = 8; i < row.size(); i++) std::printf("%d ", static_cast<int>(row[i]));
  adder_close(net);
  return 0;
}

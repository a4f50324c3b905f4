// destroy: the end of all that belongs to a context
#include "module.h"

static void forgetNodes(Graph& graph) {
  for (auto& node : graph.nodes) {
    if (node->child) forgetNodes(*node->child);
    for (auto& body : node->bodies) forgetNodes(*body);
    handles<Node>().remove(node.get());
  }
}

void destroyResources(Context& context) {
  synchronize(context);
  for (Exec* exec : handles<Exec>().removeOf(&context)) delete exec;
  // Graphs inside of others end with those.
  std::vector<Graph*> outer;
  for (Graph* graph : handles<Graph>().removeOf(&context)) if (!graph->isOwned) outer.push_back(graph);
  for (Graph* graph : outer) { forgetNodes(*graph); delete graph; }
  for (Module* module : handles<Module>().removeOf(&context)) unloadModule(module);
  handles<Event>().removeOf(&context);  // work that has ended may still point to them: they are small, and stay
  for (Stream* stream : handles<Stream>().removeOf(&context)) {
    if (stream == context.legacy || stream == context.perThread) { handles<Stream>().add(stream); continue; }
    stream->queue->close();
    delete stream;
  }
  memoryMap().releaseAll(&context);
  context.sticky = 0;
}

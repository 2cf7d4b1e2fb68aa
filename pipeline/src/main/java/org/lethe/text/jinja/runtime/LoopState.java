package org.lethe.text.jinja.runtime;

import java.util.List;
import java.util.Optional;

/** The variable {@code loop}. */
public final class LoopState {
  private final List<Object> elements;
  private final int depth;
  private int index;
  private Object changedLast = Undefined.UNNAMED;
  private boolean changedCalled;

  public LoopState(List<Object> elements, int depth) {
    this.elements = elements;
    this.depth = depth;
  }

  public void at(int position) {
    index = position;
  }

  Optional<Object> attribute(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "index" -> (long) index + 1;
          case "index0" -> (long) index;
          case "revindex" -> (long) elements.size() - index;
          case "revindex0" -> (long) elements.size() - index - 1;
          case "first" -> index == 0;
          case "last" -> index == elements.size() - 1;
          case "length" -> (long) elements.size();
          case "depth" -> (long) depth;
          case "depth0" -> (long) depth - 1;
          case "previtem" -> index == 0 ? new Undefined("loop.previtem") : elements.get(index - 1);
          case "nextitem" ->
              index == elements.size() - 1
                  ? new Undefined("loop.nextitem")
                  : elements.get(index + 1);
          case "cycle" -> (Callable) this::cycle;
          case "changed" -> (Callable) this::changed;
          default -> null;
        });
  }

  private Object cycle(Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw new JinjaException("loop.cycle needs an argument");
    }
    return arguments.positional().get(index % arguments.positional().size());
  }

  private Object changed(Arguments arguments) {
    Object now = new Tuple(arguments.positional());
    boolean changed = !changedCalled || !Equality.equal(now, changedLast);
    changedLast = now;
    changedCalled = true;
    return changed;
  }
}

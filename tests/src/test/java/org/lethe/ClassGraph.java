package org.lethe;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Top-level classes and which of them use each other. Nested classes count with the outer one. */
final class ClassGraph {
  private final Map<String, Set<String>> uses = new TreeMap<>();

  private void add(JavaClass user) {
    Set<String> used = uses.computeIfAbsent(topLevel(user), name -> new TreeSet<>());
    for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
      String name = topLevel(dependency.getTargetClass());
      if (name.startsWith("org.lethe.")) {
        used.add(name);
      }
    }
  }

  private static String topLevel(JavaClass javaClass) {
    String name = javaClass.getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  /** The condition that no package has more top-level classes. */
  static ArchCondition<JavaClass> formPackagesOfAtMost(int limit) {
    return new Condition("form packages of at most " + limit + " classes") {
      @Override
      void check(ClassGraph graph, ConditionEvents events) {
        Map<String, List<String>> packages = new TreeMap<>();
        for (String name : graph.uses.keySet()) {
          String parent = name.substring(0, name.lastIndexOf('.'));
          if (!name.endsWith(".package-info")) {
            packages.computeIfAbsent(parent, key -> new ArrayList<>()).add(name);
          }
        }
        packages.forEach(
            (name, members) -> report(events, limit, members, "classes in package " + name));
      }
    };
  }

  /** The condition that no more classes than these depend on each other in a cycle. */
  static ArchCondition<JavaClass> formKnotsOfAtMost(int limit) {
    return new Condition("form knots of at most " + limit + " classes") {
      @Override
      void check(ClassGraph graph, ConditionEvents events) {
        graph
            .knots()
            .forEach(knot -> report(events, limit, knot, "classes depend on each other: " + knot));
      }
    };
  }

  /** Gathers all classes, then checks them together. */
  private abstract static class Condition extends ArchCondition<JavaClass> {
    private ClassGraph graph = new ClassGraph();

    Condition(String description) {
      super(description);
    }

    @Override
    public void init(Collection<JavaClass> classes) {
      graph = new ClassGraph();
    }

    @Override
    public void check(JavaClass item, ConditionEvents events) {
      graph.add(item);
    }

    @Override
    public void finish(ConditionEvents events) {
      check(graph, events);
    }

    abstract void check(ClassGraph all, ConditionEvents events);

    static void report(
        ConditionEvents events, int limit, Collection<String> members, String message) {
      events.add(
          new SimpleConditionEvent(
              members, members.size() <= limit, members.size() + " " + message));
    }
  }

  /** Strongly connected components of more than one class (Tarjan 1972). */
  private List<Set<String>> knots() {
    return new Components().find();
  }

  private final class Components {
    private final Map<String, Integer> index = new LinkedHashMap<>();
    private final Map<String, Integer> lowest = new LinkedHashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<Set<String>> found = new ArrayList<>();

    List<Set<String>> find() {
      uses.keySet().stream().filter(name -> !index.containsKey(name)).toList().forEach(this::start);
      return found;
    }

    private void start(String name) {
      if (!index.containsKey(name)) {
        visit(name);
      }
    }

    private void visit(String name) {
      int own = index.size();
      index.put(name, own);
      lowest.put(name, own);
      open.push(name);
      for (String used : uses.getOrDefault(name, Set.of())) {
        if (!index.containsKey(used)) {
          visit(used);
          lowest.merge(name, lowest.get(used), Math::min);
        } else if (open.contains(used)) {
          lowest.merge(name, index.get(used), Math::min);
        }
      }
      if (lowest.get(name) == own) {
        close(name);
      }
    }

    private void close(String root) {
      Set<String> component = new TreeSet<>();
      String last;
      do {
        last = open.pop();
        component.add(last);
      } while (!last.equals(root));
      if (component.size() > 1) {
        found.add(component);
      }
    }
  }
}

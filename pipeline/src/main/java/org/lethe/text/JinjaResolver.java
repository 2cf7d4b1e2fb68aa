package org.lethe.text;

import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import jinjava.javax.el.MapELResolver;
import jinjava.javax.el.MethodNotFoundException;

/**
 * Restricts what expressions of a chat template can reach: entries of maps, elements of lists, loop
 * counters, and the methods of Python's strings and dictionaries that templates use. It leaves out
 * jinjava's own resolver, which reaches Java methods by reflection.
 */
final class JinjaResolver extends CompositeELResolver {
  JinjaResolver() {
    add(new PythonMethods());
    add(new MapELResolver(true));
    add(new JinjavaListELResolver(true));
  }

  private static final class PythonMethods extends ELResolver {
    @Override
    public Object getValue(ELContext context, Object base, Object property) {
      if (base instanceof ForLoop loop) {
        context.setPropertyResolved(true);
        return switch (property.toString()) {
          case "index" -> loop.getIndex();
          case "index0" -> loop.getIndex0();
          case "revindex" -> loop.getRevindex();
          case "revindex0" -> loop.getRevindex0();
          case "first" -> loop.isFirst();
          case "last" -> loop.isLast();
          case "length" -> loop.getLength();
          case "depth" -> loop.getDepth();
          case "depth0" -> loop.getDepth0();
          default -> null;
        };
      }
      return null;
    }

    @Override
    public Object invoke(
        ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
      if (base instanceof Filter || base instanceof ExpTest) {
        // jinjava calls its own filters and tests this way.
        return JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY.invoke(
            context, base, method, types, arguments);
      }
      Optional<Object> result = Optional.empty();
      if (base instanceof Map<?, ?> map) {
        result = dictionary(map, method.toString(), arguments);
      } else if (base != null) {
        result = string(base.toString(), method.toString(), arguments);
      }
      context.setPropertyResolved(true);
      return result.orElseThrow(() -> new MethodNotFoundException("unknown method " + method));
    }

    private static Optional<Object> string(String text, String method, Object[] arguments) {
      String first = arguments.length > 0 ? String.valueOf(arguments[0]) : "";
      return switch (method) {
        case "startswith" -> Optional.of(text.startsWith(first));
        case "endswith" -> Optional.of(text.endsWith(first));
        case "strip" -> Optional.of(lstrip(rstrip(text, arguments), arguments));
        case "lstrip" -> Optional.of(lstrip(text, arguments));
        case "rstrip" -> Optional.of(rstrip(text, arguments));
        case "upper" -> Optional.of(text.toUpperCase(Locale.ROOT));
        case "lower" -> Optional.of(text.toLowerCase(Locale.ROOT));
        case "find" -> Optional.of(text.indexOf(first));
        case "replace" ->
            arguments.length == 2
                ? Optional.of(text.replace(first, String.valueOf(arguments[1])))
                : Optional.empty();
        case "split" ->
            Optional.of(
                arguments.length == 0
                    ? Arrays.asList(text.strip().split("\\s+"))
                    : Arrays.asList(text.split(Pattern.quote(first), -1)));
        default -> Optional.empty();
      };
    }

    private static Optional<Object> dictionary(Map<?, ?> map, String method, Object[] arguments) {
      return switch (method) {
        case "get" -> {
          Object fallback = arguments.length > 1 ? arguments[1] : "";
          Object value = arguments.length > 0 ? map.get(arguments[0]) : null;
          yield Optional.of(value == null ? fallback : value);
        }
        case "keys" -> Optional.of(List.copyOf(map.keySet()));
        case "values" -> Optional.of(List.copyOf(map.values()));
        case "items" ->
            Optional.of(
                map.entrySet().stream()
                    .map(entry -> Arrays.asList(entry.getKey(), entry.getValue()))
                    .toList());
        default -> Optional.empty();
      };
    }

    /** Python's strip removes white space, or the given characters if there is an argument. */
    private static boolean strips(char c, Object[] arguments) {
      return arguments.length == 0 || arguments[0] == null
          ? Character.isWhitespace(c)
          : String.valueOf(arguments[0]).indexOf(c) >= 0;
    }

    private static String lstrip(String text, Object[] arguments) {
      int from = 0;
      while (from < text.length() && strips(text.charAt(from), arguments)) {
        from++;
      }
      return text.substring(from);
    }

    private static String rstrip(String text, Object[] arguments) {
      int to = text.length();
      while (to > 0 && strips(text.charAt(to - 1), arguments)) {
        to--;
      }
      return text.substring(0, to);
    }

    @Override
    public Class<?> getType(ELContext context, Object base, Object property) {
      return null;
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {}

    @Override
    public boolean isReadOnly(ELContext context, Object base, Object property) {
      return true;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
      return Collections.emptyIterator();
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, Object base) {
      return Object.class;
    }
  }
}

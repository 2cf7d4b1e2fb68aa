package org.lethe.platform;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.Optional;

/**
 * The environment of this process as native libraries see it. Java's own copy of it cannot change.
 */
final class NativeEnvironment {
  private NativeEnvironment() {}

  /**
   * Sets a variable for libraries that load later.
   *
   * @return whether it could be set
   */
  static boolean set(String name, String value) {
    try {
      Function setenv = NativeLibrary.getInstance("c").getFunction("setenv");
      return setenv.invokeInt(new Object[] {name, value, 1}) == 0;
    } catch (LinkageError e) {
      return false;
    }
  }

  /**
   * Calls a function without arguments that returns text.
   *
   * @param library path of a library that is loaded
   */
  static Optional<String> text(String library, String function) {
    try {
      return Optional.ofNullable(
          NativeLibrary.getInstance(library)
              .getFunction(function)
              .invokeString(new Object[0], false));
    } catch (LinkageError e) {
      return Optional.empty();
    }
  }
}
